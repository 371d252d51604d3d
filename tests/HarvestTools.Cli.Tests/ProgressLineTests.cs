using HarvestTools.Cli.Output;

namespace HarvestTools.Tests;

public sealed class ProgressLineTests
{
    [Theory]
    [InlineData("hands-76dc2b9046b2", 79, "Deriving hands-76dc2b9046b2: 12 % of 201 MB")]
    [InlineData("robot-gripper-left-hand-kitchen-scenes-second-shift-2026-76dc2b9046b2", 50, "Deriving robot-grippe…76dc2b9046b2: 12 % of 201 MB")]
    [InlineData("robot-gripper-left-hand", 30, "Deriving ro…nd: 12 % of 201 MB")]
    [InlineData("robot-gripper-left-hand", 20, "Deriving robot-gripper-left-hand: 12 % of 201 MB")]
    public void A_long_name_gives_way_in_its_middle_and_not_the_figure(string item, int width, string expected)
    {
        Assert.Equal(expected, ProgressLine.Line("Deriving ", item, ": 12 % of 201 MB", width));
    }
}
