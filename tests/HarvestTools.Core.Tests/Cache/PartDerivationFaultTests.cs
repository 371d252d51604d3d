using HarvestTools.Cache;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Cache;

/// <summary>A derivation whose rows or tables cannot be written.</summary>
public sealed class PartDerivationFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "keypoints")]
    [InlineData(2, "keypoints")]
    [InlineData(3, "keypoints")]
    [InlineData(1, "boxes")]
    [InlineData(2, "boxes")]
    public void A_full_disk_is_told_as_such_whichever_thread_meets_it(int threads, string full)
    {
        using var export = new MemoryStream();
        ExportGenerator.Write(export, ExportPlan.ForTasks(SampleKind.Hands, 60, predictedShare: 0.4));
        export.Position = 0;
        var request = new PartRequest("p", "export.json", HarvestRules.Default, FieldMapping.Default, threads, _folder.Path);

        var fault = Assert.Throws<HarvestException>(() => PartDerivation.Run(
            request, export, table => table.Name == full ? new FullDisk(room: 1000) : new MemoryStream(), null, CancellationToken.None));

        Assert.Equal("DiskFull", fault.ErrorId);
        Assert.Contains(_folder.Path, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rows_that_cannot_spill_end_it_with_the_folder_named(int threads)
    {
        using var export = new MemoryStream();
        ExportGenerator.Write(export, ExportPlan.ForTasks(SampleKind.Hands, 60));
        export.Position = 0;
        File.WriteAllText(_folder["spill"], "a file where the folder should be");
        var request = new PartRequest("p", "export.json", HarvestRules.Default, FieldMapping.Default, threads, _folder["spill"]) { RowBudget = 0 };

        var fault = Assert.Throws<HarvestException>(() => PartDerivation.Run(request, export, static _ => new MemoryStream(), null, CancellationToken.None));

        Assert.Equal(HarvestFault.FileSystem, fault.Fault);
        Assert.Contains(_folder["spill"], fault.Message, StringComparison.Ordinal);
    }
}
