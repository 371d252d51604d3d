using HarvestTools.Archive;
using HarvestTools.History;
using HarvestTools.PowerShell;

namespace HarvestTools.Tests;

public sealed class CommandNamesTests
{
    [Theory]
    [InlineData("Add exports first with 'harvest add FILE…' (Add-Export).", "Add exports first with Add-Export.")]
    [InlineData("Run 'harvest fsck --repair' (Test-ExportArchive -Repair) now.", "Run 'Test-ExportArchive -Repair' now.")]
    [InlineData("Write 'a' or 'b' (either).", "Write 'a' or 'b' (either).")]
    [InlineData("See 'harvest log' (Get-SliceHistory), or 'harvest slices' (Get-Slice).", "See Get-SliceHistory, or Get-Slice.")]
    [InlineData("Make one with 'harvest demo DIR'.", "Make one with 'harvest demo DIR'.")]
    public void The_cmdlet_stands_alone(string text, string expected) => Assert.Equal(expected, CommandNames.ForPowerShell(text));
}
