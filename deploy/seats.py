"""From where an account or token may act: units and offices in force, and no capacity that is somebody else's post."""

from typing import Final

from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Role
from shared.directory.snapshot import Directory
from shared.identity.accounts import Post

OF_OFFICE: Final = frozenset({Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN})  # act for the whole office, whatever unit their post is of
NOBODYS: Final = frozenset({Role.SYSTEM, Role.CITIZEN})  # the house's own, and that of whoever signs in to nothing


class PostOfSomebodyElse(Invalid):
    """What only a post gives is not given by an account (R6)."""

    code = "post-of-somebody-else"
    title_vi = "{person} không giữ vị trí {posts}, nên không có tư cách này"
    title_en = "{person} does not hold {posts}, by which one acts as {role}"
    advice_vi = "Ghi người giữ vị trí ở Danh bạ trước, hoặc người giữ vị trí ủy quyền: người được ủy quyền không cần tư cách này."
    advice_en = "Record who holds it (hold_post), or have it delegated to this person, who then needs no such capacity."


class HeadOfAnotherOffice(Invalid):
    """The head of an office acts for that office alone."""

    code = "head-of-another-office"
    title_vi = "{unit} không thuộc {office}: người đứng đầu ở đó xử lý việc của cơ quan khác"
    title_en = "{unit} is not of {office}: its head acts for another office"
    advice_vi = "Chọn cơ quan mà đơn vị thuộc về."
    advice_en = "Choose the office that the unit belongs to."


def refuse_unknown_place(directory: Directory, post: Post) -> None:
    """Raises Unknown for an office or unit that is not in force."""
    for field, key in (("office", post.office), ("unit", post.unit)):
        if directory.unit(key) is None:
            raise Unknown(field)


def refuse_of_others(directory: Directory, person: str, post: Post) -> None:
    """Refuse what only a post gives today, where the directory has such a post and this person holds none (R6).

    A head or deputy acts for the whole office, others for the unit of their post. What no post stands for is not looked up:
    not every specialist has one. Whoever somebody else's post was delegated to needs no capacity of it.

    Raises:
        HeadOfAnotherOffice, PostOfSomebodyElse

    """
    held = {each.key for each in directory.posts_of(person)}
    for role in sorted(post.capacities):
        if role in (Role.CHIEF, Role.DEPUTY) and _office_of(directory, post.unit) not in (post.office, None):
            raise HeadOfAnotherOffice("unit", unit=post.unit, office=post.office)
        posts = [
            key
            for key, each in directory.posts.items()
            if each.role is role
            and (each.unit == post.unit or (role in OF_OFFICE and _office_of(directory, each.unit) == post.office))
        ]
        if posts and not held & set(posts):
            raise PostOfSomebodyElse("capacity", person=person, posts=", ".join(sorted(posts)), role=role.value)


def _office_of(directory: Directory, unit: str) -> str | None:
    """The office that a unit in force belongs to, which may be itself."""
    found = directory.unit(unit)
    return (found.office or unit) if found is not None else None
