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

    /// <summary>
    /// The program collects all that lives where a phase ends. After each part of a slice of thousands that is the square of their
    /// number, for a few kilobytes.
    /// </summary>
    [Theory]
    [InlineData(2, 0)]
    [InlineData(1000, 1)]
    public void What_a_phase_took_is_given_back_where_it_was_much(int tasks, int times)
    {
        using var export = new MemoryStream();
        ExportGenerator.Write(export, ExportPlan.ForTasks(SampleKind.Hands, tasks));
        export.Position = 0;
        int ended = 0;
        var request = new PartRequest("p", "export.json", HarvestRules.Default, FieldMapping.Default, Threads: 1, _folder.Path) { PhaseEnded = () => ended++ };
        _ = PartDerivation.Run(request, export, static _ => new MemoryStream(), null, CancellationToken.None);

        Assert.Equal(times == 1, export.Length >= PartDerivation.BytesMany);
        Assert.Equal(times, ended);
    }
}
