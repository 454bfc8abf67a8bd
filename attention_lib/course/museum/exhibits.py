"""The museum's exhibits: mistakes that real repositories made, each made again in a few lines.

Every block runs and looks right. The references tell where its mistake was met. Many were fixed
within a day by the people who had made them.
"""

from typing import NamedTuple

from attention_lib.course.museum import mistakes
from attention_lib.course.museum.blocks import ECA, SE, AtLeastOne, Block, ChannelHalf, SpatialHalf
from attention_lib.course.museum.checks import Check, Finding, said
from attention_lib.language import say


class Source(NamedTuple):
    """Where a mistake was met."""

    name: str
    url: str


def _issue(repository: str, number: int, kind: str = "issues") -> Source:
    url = f"https://github.com/{repository}/{kind}/{number}"
    if kind == "issues":
        return Source(
            say("{repository}, issue {number}", repository=repository, number=number), url
        )
    return Source(
        say("{repository}, pull request {number}", repository=repository, number=number), url
    )


class Exhibit(NamedTuple):
    """A mistake that was made, and the right block beside it."""

    name: str
    title: str
    story: str
    unseen: str  # why it was not seen
    wrong: type[Block]
    right: type[Block]
    sources: tuple[Source, ...]
    channels: int = 24
    reduction: int = 4

    def examine(self, instrument: Check) -> Finding:
        """Look at the exhibit."""
        return self._examine(self.wrong, instrument)

    def examine_right(self, instrument: Check) -> Finding:
        """Look at the right block, made for as many channels."""
        return self._examine(self.right, instrument)

    def _examine(self, block: type[Block], instrument: Check) -> Finding:
        try:
            made = block(self.channels, self.reduction).built()
        except Exception as error:  # a framework that has learnt to refuse the mistake
            return Finding(False, say("It cannot be built: {error}", error=said(error)))
        return instrument(made)

    @property
    def code(self) -> str:
        """How the exhibit makes its gates."""
        return self.wrong.code()

    @property
    def right_code(self) -> str:
        """How the right block makes them."""
        return self.right.code()


EXHIBITS = {
    exhibit.name: exhibit
    for exhibit in (
        Exhibit(
            "width",
            say("The width that was r"),
            say(
                "The bottleneck should have C // r units. Here it has r. The author agreed the "
                "next day."
            ),
            say(
                "At C = r² the two are equal: 256 channels and r = 16, the first stage of "
                "ResNet-50. And any width learns something."
            ),
            mistakes.WidthIsR,
            SE,
            (_issue("moskomule/senet.pytorch", 13),),
        ),
        Exhibit(
            "overwritten",
            say("The summary that was overwritten"),
            say(
                "Every line should work on what the line before has made. Here each begins with "
                "`x` again, so squeeze and first layer are computed for nothing. It was fixed the "
                "day after."
            ),
            say(
                "Names of one letter look alike, and a layer whose result nobody uses gives no "
                "error."
            ),
            mistakes.Overwritten,
            SE,
            (_issue("KichangKim/DeepDanbooru", 55),),
        ),
        Exhibit(
            "never called",
            say("The pooling that was never called"),
            say(
                "The average pooling was set up among the other layers, and the line that calls it "
                "was forgotten. Every place gets a gate of its own."
            ),
            say(
                "Pooling has no weights, so their number is right. 1 × 1 convolutions accept a "
                "whole map as well as a pooled one."
            ),
            mistakes.NeverCalled,
            SE,
            (_issue("xiaolai-sqlai/mobilenetv3", 3), _issue("xiaolai-sqlai/mobilenetv3", 12)),
        ),
        Exhibit(
            "reshaped",
            say("The reshape that should have been a transpose"),
            say(
                "The maps are reshaped to rows as if the channels came first. The rows are as many "
                "as the channels, and each holds a bit of all of them. We met it in other kinds of "
                "attention, and put it into an SE block."
            ),
            say(
                "Reshape gives no error if the sizes multiply out. A network learns around it: in "
                "the repository a training test passed."
            ),
            mistakes.Reshaped,
            SE,
            (
                _issue("jsbaan/transformer-from-scratch", 6, "pull"),
                _issue("ohtlab/headpose-fsanet-pytorch", 4),
            ),
        ),
        Exhibit(
            "columns",
            say("The gates that landed on columns"),
            say(
                "Gates of shape (batch, C) are multiplied onto maps of shape (batch, H, W, C). "
                "Axes are lined up from the end, so the batch is laid over the columns."
            ),
            say(
                "A batch of one is right. A batch as large as the maps are wide goes through "
                "without an error: 32 pictures of 32 × 32. Any other stops at once."
            ),
            mistakes.OnColumns,
            SE,
            (),
        ),
        Exhibit(
            "no units",
            say("The bottleneck of no units"),
            say(
                "8 channels and r = 16: C // r is 0. Where a framework allows a layer of no units, "
                "its output is zero and every gate one half, for every picture."
            ),
            say(
                "It trains, as the next layer can make up for halved maps. Keras refuses a layer "
                "of no units; NumPy does not."
            ),
            mistakes.NoUnits,
            AtLeastOne,
            (),
            channels=8,
            reduction=16,
        ),
        Exhibit(
            "even kernel",
            say("The kernel that stayed even"),
            say(
                "The formula for k gives even numbers, too, and one is to be added to them. "
                "Without that a gate is missing at the end: in a user's layer, posted in the "
                "issue, 63 gates for 64 channels."
            ),
            say(
                "It runs wherever the formula happens to give an odd number. With 64 channels it "
                "does here; with 128 it does not."
            ),
            mistakes.EvenKernel,
            ECA,
            (_issue("BangguWu/ECANet", 24),),
            channels=64,
        ),
        Exhibit(
            "unread",
            say("The kernel size that nobody read"),
            say(
                "k is worked out from C, as the paper has it, and then 3 stands where k should. "
                "The authors said that they choose k by hand; their readers asked about it again "
                "and again."
            ),
            say(
                "With 8 to 64 channels the formula gives 3. A parameter that nothing reads gives "
                "no error."
            ),
            mistakes.UnreadKernel,
            ECA,
            (_issue("BangguWu/ECANet", 5), _issue("BangguWu/ECANet", 17)),
            channels=64,
        ),
        Exhibit(
            "made anew",
            say("The layer that was made anew at every call"),
            say(
                "The convolution is set up where it is used, in the forward pass. So every call "
                "has a fresh random kernel, and the optimiser never gets it. In another project it "
                "took someone more than three days to find."
            ),
            say(
                "Shapes fit, gates look like gates, and the loss falls: the rest of the network "
                "learns."
            ),
            mistakes.MadeAnew,
            ECA,
            (_issue("BangguWu/ECANet", 24), _issue("wangyida/softpool", 11)),
            channels=64,
        ),
        Exhibit(
            "two MLPs",
            say("The MLP that was not shared"),
            say(
                "CBAM sends means and maxima through one and the same MLP. Here each has its own. "
                "The author called it an oversight and fixed it the same day."
            ),
            say(
                "Drawings of CBAM show two arrows, and two boxes work as well as one, for twice "
                "the weights."
            ),
            mistakes.TwoMLPs,
            ChannelHalf,
            (_issue("Peachypie98/CBAM", 3),),
        ),
        Exhibit(
            "mean twice",
            say("The mean that was added to itself"),
            say(
                "What the MLP makes of the means and of the maxima should be added. Here the means "
                "are added to themselves, and the maxima are worked out for nothing."
            ),
            say("`y_avg + y_avg` reads much like `y_avg + y_max`. All weights are there and used."),
            mistakes.MeanTwice,
            ChannelHalf,
            (_issue("MenghaoGuo/Awesome-Vision-Attentions", 32),),
        ),
        Exhibit(
            "sigmoid twice",
            say("The sigmoid that was applied twice"),
            say(
                "The second sigmoid stands where the gates are multiplied, far from the first. It "
                "makes gates between 0.5 and 0.731 of gates between 0 and 1, so nothing can be "
                "closed."
            ),
            say(
                "They are still between 0 and 1. The author fixed it, and wrote that it had not "
                "cost any accuracy."
            ),
            mistakes.SigmoidTwice,
            ChannelHalf,
            (_issue("huoxiangzuo/HiFuse", 9),),
        ),
        Exhibit(
            "no sigmoid",
            say("The sigmoid that was forgotten"),
            say(
                "The channel half has its sigmoid, the spatial half has none. So places are "
                "multiplied by any number, below zero too. The author agreed the next day."
            ),
            say(
                "Output and shapes look like those of a block with gates. Nobody had looked at the "
                "gates."
            ),
            mistakes.NoSigmoid,
            SpatialHalf,
            (_issue("Peachypie98/CBAM", 2),),
        ),
        Exhibit(
            "kernel 49",
            say("The kernel of 49 × 49"),
            say(
                "CBAM's spatial kernel sees 7 × 7 places. Here the default is 49 × 49, larger than "
                "most maps that it is used on. Perhaps someone multiplied 7 by 7."
            ),
            say(
                "Padding keeps the shape, whatever the kernel. The repository's own example gives "
                "another size, 7, so its default is never tried."
            ),
            mistakes.Kernel49,
            SpatialHalf,
            (
                Source(
                    "xmu-xiaoma666/External-Attention-pytorch, CBAM.py",
                    "https://github.com/xmu-xiaoma666/External-Attention-pytorch/blob/"
                    "8f695163b5e14dfa7680fc5190fd74eac6362951/model/attention/CBAM.py",
                ),
            ),
        ),
    )
}

USUALLY = {
    "shape": say("The shapes are right, and would be right whatever the numbers were."),
    "parameters": say(
        "All weights are there, as many as there should be. The mistake is in what is done with "
        "them."
    ),
    "permutation": say(
        "What is wrong here is wrong for all channels alike, so the gates move along with their "
        "channels."
    ),
    "constant": say(
        "Places that are alike get the same gate, and brightness changes the gates. This check "
        "asks no more."
    ),
    "batch": say(
        "Each picture is worked out by itself, rightly or wrongly. The other pictures change "
        "nothing."
    ),
    "zero": say(
        "With zero weights nothing but zeros reach the sigmoid. What goes wrong before it cannot "
        "show."
    ),
    "save": say("All its weights are kept and come back, and the mistake comes back with them."),
    "pixel": say("Its gates depend on what they should depend on. What goes wrong comes after."),
}

AT_64 = say("At 64 channels, where this check looks, the formula gives 3, and so does the exhibit.")
ALONE = say("This check shows one picture at a time, and for one picture the gates land right.")

ITS_OWN_MEAN = say(
    "On a uniform map every place is its own mean, so the missing pooling does not show."
)

ONE_FOR_ALL = say("This half has one gate for all channels of a place; their order never mattered.")

NOT_HOW_LARGE = say(
    "The gates change, and places that are alike get the same gate. How large a gate may be is not "
    "asked."
)

HERE = {
    ("columns", "shape"): say(
        "It tried 8 pictures of 8 × 8, and the sizes hid it. Five would have stopped at once: give "
        "a shape check sizes that all differ."
    ),
    ("columns", "constant"): ALONE,
    ("columns", "pixel"): ALONE,
    ("columns", "permutation"): ALONE,
    ("columns", "zero"): say("All gates are 0.5, so it does not matter where they land."),
    ("overwritten", "constant"): ITS_OWN_MEAN,
    ("never called", "constant"): ITS_OWN_MEAN,
    ("never called", "parameters"): say("Pooling has no weights, so none are missing."),
    ("reshaped", "constant"): say(
        "Each row holds a bit of all channels, but on a uniform map every row is the same mixture: "
        "the gates are wrong, and alike."
    ),
    ("mean twice", "constant"): say(
        "On a uniform map the mean is the maximum, so adding it twice is right there."
    ),
    ("mean twice", "zero"): say("Twice zero is zero, and its sigmoid one half, as it should be."),
    ("two MLPs", "pixel"): say("The maximum is used. By which MLP cannot be seen from outside."),
    ("two MLPs", "constant"): say(
        "With two MLPs, too, places that are alike get the same gate, and the gates depend on "
        "brightness."
    ),
    ("width", "pixel"): say("The means are used, by too few hidden units or too many."),
    ("no units", "zero"): say("Its gates are one half with weights as without: it has none."),
    ("no units", "save"): say("There is nothing to lose: it has no weights."),
    ("no units", "pixel"): say(
        "Gates that never change do not change here either, as they should not."
    ),
    ("no units", "batch"): say("Every gate is one half, alone as in a batch."),
    ("no units", "permutation"): say("All gates are one half, in any order."),
    ("even kernel", "permutation"): AT_64,
    ("even kernel", "pixel"): AT_64,
    ("even kernel", "constant"): AT_64,
    ("unread", "permutation"): AT_64,
    ("unread", "pixel"): AT_64,
    ("unread", "constant"): AT_64,
    ("unread", "shape"): say("A kernel of 3 keeps every shape, for any number of channels."),
    ("made anew", "shape"): say("A fresh kernel has the same shape as the last one."),
    ("made anew", "constant"): say(
        "Within one call all places share the kernel. Between two calls the gates should differ, "
        "and they do, for the wrong reason."
    ),
    ("sigmoid twice", "constant"): NOT_HOW_LARGE,
    ("no sigmoid", "constant"): NOT_HOW_LARGE,
    ("no sigmoid", "pixel"): say(
        "It asks on which places a gate depends, not how large a gate may be."
    ),
    ("no sigmoid", "permutation"): ONE_FOR_ALL,
    ("kernel 49", "permutation"): ONE_FOR_ALL,
    ("kernel 49", "shape"): say("Padding keeps the shape, whatever the kernel."),
}


def why_not(exhibit: Exhibit, instrument: Check) -> str:
    """Why this check finds nothing in this exhibit."""
    return HERE.get((exhibit.name, instrument.name), USUALLY[instrument.name])
