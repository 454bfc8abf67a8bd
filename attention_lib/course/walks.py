"""The walks that ship: presets in an order that tells something, with what to ask at each."""

from attention_lib.language import say

WALKS: dict[str, tuple[tuple[str, str], ...]] = {
    "width": (
        (
            "excitation photo=brick weights=hand-made C=16 r=4",
            say(
                "16 channel means, 4 questions, 16 gates. Which questions does the wall say yes to?"
            ),
        ),
        (
            "excitation photo=brick weights=hand-made C=16 r=8",
            say(
                "r doubles: two questions are left. No unit asks about direction any more. Which "
                "gate changed most?"
            ),
        ),
        (
            "excitation photo=cat weights=hand-made C=16 r=8",
            say(
                "Another picture, the same weights, other gates: gates are computed, weights are "
                "learnt."
            ),
        ),
        (
            "excitation photo=cat weights=seeded C=64 r=2",
            say(
                "Now 64 channels and random weights. r = 2: 32 hidden units. Remember how many "
                "weights that takes."
            ),
        ),
        (
            "excitation photo=cat weights=seeded C=64 r=16",
            say("r = 16: four hidden units, an eighth of the weights."),
        ),
        (
            "excitation photo=cat weights=seeded C=64 r=64",
            say(
                "r = C: one hidden unit gives one number, and all 64 logits depend on it. Change "
                "the photo: in how many directions can they move?"
            ),
        ),
        (
            "cost network=ResNet-50 mechanism=SE r=16",
            say("What r = 16 costs in ResNet-50. In which stage is most of it, and why there?"),
        ),
    ),
    "kernel": (
        (
            "variants variant=SE C=16 r=4",
            say("In SE every gate depends on every channel, through a narrow middle."),
        ),
        (
            "variants variant=ECA C=16 k=3",
            say(
                "In ECA a gate depends on its neighbours, with the same k weights everywhere. What "
                "happens at the ends?"
            ),
        ),
        (
            "kernel_size C=64 gamma=2 b=1",
            say("How many neighbours? The formula asks for log2 C. Here t lies between 3 and 4."),
        ),
        (
            "kernel_size C=128 gamma=2 b=1",
            say("Twice the channels: t is 4, and an even window has no middle. Up or down?"),
        ),
        (
            "kernel_size C=512 gamma=2 b=1",
            say("The article's example. How many weights does ECA have here, and how many SE?"),
        ),
        (
            "kernel_size C=512 gamma=1 b=1",
            say("gamma is halved. Wider, or narrower?"),
        ),
        (
            "kernel_size C=4 gamma=2 b=1",
            say("Few channels: k = 1. Each gate depends on its own channel alone."),
        ),
        (
            "eca C=16 kernel=against channel=4",
            say(
                "ECA beside SE, on a photograph. Tick the box that shuffles the channels: which "
                "gates change?"
            ),
        ),
    ),
    "overview": (
        (
            "scale photo=cat C=8 gates=1,1,1,1,1,1,1,1",
            say(
                "A cat as eight feature maps. You want the stripes and none of the colour: which "
                "of the eight sliders go down?"
            ),
        ),
        (
            "scale photo=cat C=8 gates=0,0,0,0,1,1,1,1",
            say("Now the other way round: only colour. What will be left of a grey wall?"),
        ),
        (
            "scale photo=brick C=8 gates=0,0,0,0,1,1,1,1",
            say(
                "Nothing. One setting does not fit all pictures. Who sets the gates for a million?"
            ),
        ),
        (
            "pipeline photo=cat C=8 r=4 channel=6 stage=3",
            say("Channel attention does. Squeeze: one number for each map, its mean."),
        ),
        (
            "pipeline photo=cat C=8 r=4 channel=6 stage=7",
            say(
                "Excitation: two questions are put to the eight means, and their answers make "
                "eight gates."
            ),
        ),
        (
            "pipeline photo=cat C=8 r=4 channel=6 stage=8",
            say("Scale: each map times its gate. Now guess: which gates open for the wall?"),
        ),
        (
            "pipeline photo=brick C=8 r=4 channel=6 stage=8",
            say("The weights are the same, the picture is another: other gates."),
        ),
        (
            "excitation photo=brick weights=hand-made C=16 r=8",
            say("With 16 channels: r sets how many questions fit. What does a smaller r cost?"),
        ),
        (
            "variants variant=ECA C=16 k=3",
            say("ECA asks less: each gate depends on its neighbours only, with k shared weights."),
        ),
        (
            "cost network=ResNet-50 mechanism=SE r=16",
            say("What SE costs in ResNet-50. Which stage pays most?"),
        ),
    ),
}
