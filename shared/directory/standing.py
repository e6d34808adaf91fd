"""What the directory says of whoever asks for something on a day: for permission, and for the record."""

from datetime import date

from shared.desk import Stands
from shared.directory.queries import Directories, DirectoryNotYet
from shared.directory.snapshot import Directory
from shared.directory.values import Delegation
from shared.permit import Delegated, Standing, Subject


def standing_in(directories: Directories) -> Stands:
    """Looks up a person's posts, unit version and delegations in a service's copy of the directory."""

    async def standing(subject: Subject, day: date) -> Standing:
        try:
            directory = await directories.at(day)
        except DirectoryNotYet:
            return Standing()
        return Standing(
            posts={(post.unit, post.role): post.key for post in reversed(directory.posts_of(subject.person))},
            unit_version=directory.named_from.get(subject.unit),
            delegations=tuple(
                (found, each.actions)
                for each in directory.delegations_to(subject.person)
                if (found := _delegated(directory, each)) is not None
            ),
        )

    return standing


def _delegated(directory: Directory, delegation: Delegation) -> Delegated | None:
    post = directory.posts.get(delegation.post)
    if post is None:
        return None
    unit = directory.units[post.unit]
    return Delegated(
        delegation=delegation.key,
        post=post.key,
        role=post.role,
        office=unit.office or unit.key,
        unit=unit.key,
    )
