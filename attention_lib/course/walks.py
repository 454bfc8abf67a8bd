"""The walks that ship: presets in an order that tells something, with what to ask at each."""

WALKS: dict[str, tuple[tuple[str, str], ...]] = {
    "width": (
        (
            "excitation photo=brick weights=hand-made C=16 r=4",
            "16 meters, 4 questions, 16 faders. Which questions does the wall say yes to?",
        ),
        (
            "excitation photo=brick weights=hand-made C=16 r=8",
            "r doubles: two questions are left. Nobody asks about direction any more. Which fader "
            "moved furthest?",
        ),
        (
            "excitation photo=cat weights=hand-made C=16 r=8",
            "Another picture, the same weights. The faders change places: a gate is worked out, "
            "the weights are learnt.",
        ),
        (
            "excitation photo=cat weights=seeded C=64 r=2",
            "Now 64 channels and weights that nobody made. r = 2: 32 hidden units. Remember how "
            "many weights that takes.",
        ),
        (
            "excitation photo=cat weights=seeded C=64 r=16",
            "r = 16: four hidden units, an eighth of the weights.",
        ),
        (
            "excitation photo=cat weights=seeded C=64 r=64",
            "r = C: one hidden unit. It has one number to say, and all 64 faders must make do "
            "with it. Change the photo: along how many tracks can they move?",
        ),
        (
            "cost network=ResNet-50 mechanism=SE r=16",
            "What r = 16 costs in ResNet-50. In which stage is most of it, and why there?",
        ),
    ),
    "kernel": (
        (
            "variants variant=SE C=16 r=4",
            "In SE every gate hears every channel, through a narrow middle.",
        ),
        (
            "variants variant=ECA C=16 k=3",
            "In ECA a gate hears its neighbours, with the same k weights everywhere. What do the "
            "ends hear?",
        ),
        (
            "kernel_size C=64 gamma=2 b=1",
            "How many neighbours? The formula asks for log2 C. Here t lies between 3 and 4.",
        ),
        (
            "kernel_size C=128 gamma=2 b=1",
            "Twice the channels: t is 4, and an even window has no middle. Up or down?",
        ),
        (
            "kernel_size C=512 gamma=2 b=1",
            "The article's example. How many weights does ECA have here, and how many SE?",
        ),
        (
            "kernel_size C=512 gamma=1 b=1",
            "gamma is halved. Wider, or narrower?",
        ),
        (
            "kernel_size C=4 gamma=2 b=1",
            "Few channels: k = 1. Each gate hears itself alone.",
        ),
        (
            "eca C=16 kernel=against channel=4",
            "ECA beside SE, on a photograph. Tick the box that shuffles the channels: who notices?",
        ),
    ),
}
