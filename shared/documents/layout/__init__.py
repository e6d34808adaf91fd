"""How an official paper looks (Nghị định 30/2020/NĐ-CP, Phụ lục I): its elements as values, typeset as PDF or written as DOCX."""
