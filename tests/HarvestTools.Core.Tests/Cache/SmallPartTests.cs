using HarvestTools.Cache;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Cache;

/// <summary>Slices are also made of thousands of exports with a few tasks each.</summary>
public sealed class SmallPartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Ten megabytes of buffers for each had most of the time spent in the collector.</summary>
    [Fact]
    public void A_part_of_two_tasks_takes_little_memory()
    {
        using var export = new MemoryStream();
        ExportGenerator.Write(export, ExportPlan.ForTasks(SampleKind.Hands, 2));
        var request = new PartRequest("p", "export.json", HarvestRules.Default, FieldMapping.Default, Threads: 1, _folder.Path);

        _ = Allocated();
        Assert.InRange(Allocated(), 0, 2_500_000);

        long Allocated()
        {
            export.Position = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            DerivedPart part = PartDerivation.Run(request, export, static _ => new MemoryStream(), null, CancellationToken.None);
            Assert.Contains(part.Tables, static table => table.Rows > 0);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
