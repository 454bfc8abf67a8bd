"""Which part of a padded row of channels to show around the chosen one."""


def first_shown(channel: int, channels: int, reach: int, places: int) -> int:
    """The index at the left of a row of so many places.

    Args:
        channel: the chosen channel.
        channels: C.
        reach: how many zeros stand at either end.
        places: how many fit side by side.

    Returns:
        An index; below 0 it is padding. Where everything fits, it stands in the middle and keeps
        still. Elsewhere the row scrolls to have the chosen channel in its middle, but not past
        the padding.
    """
    spare = places - (channels + 2 * reach)
    if spare >= 0:
        return -reach - spare // 2
    return min(max(channel - places // 2, -reach), channels + reach - places)
