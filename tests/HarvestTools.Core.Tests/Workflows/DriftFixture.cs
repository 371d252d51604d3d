using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A repository with one slice of two exports, for tests that change something and look at what the check finds.</summary>
public abstract class DriftFixture : IDisposable
{
    private protected const string HandsFile = "label_studio/hands.json";
    private protected static ExportPlan HandsPlan { get; } = ExportPlan.ForTasks(SampleKind.Hands, 40, predictedShare: 0.5);

    private protected static ExportPlan ActionsPlan { get; } = ExportPlan.ForTasks(SampleKind.Actions, 6);

    private protected DriftFixture()
    {
        Temporary.Add("label_studio/actions.json", ActionsPlan, "a");
        Temporary.Add(HandsFile, HandsPlan, "b");
        NewSliceResult made = Temporary.New("v1");
        Slice = made.Slice;
        Built = made.Built!;
    }

    private protected TemporaryRepository Temporary { get; } = new();

    private protected SliceManifest Slice { get; }

    private protected BuiltSlice Built { get; }

    private protected SliceExport Hands => Slice.Exports.Single(static export => export.Project == "b");

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Temporary.Dispose();
        }
    }

    private protected DriftReport Check(bool quick = false) =>
        new CheckSlice(Temporary.Repository, Temporary.Context).Run(Temporary.Repository.Slices.Load("v1"), quick);

    private protected DriftFinding OnlyFinding(string kind)
    {
        DriftReport report = Check();
        Assert.Equal(DriftStatus.Drifted, report.Status);
        DriftFinding finding = Assert.Single(report.Findings);
        Assert.Equal(kind, finding.Kind);
        Assert.NotEmpty(finding.Remedy);
        return finding;
    }

    private protected void DeleteObject(string sha256)
    {
        string path = Temporary.Repository.Archive.PathOf(sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    private protected void Record(Func<SliceOutput, SliceOutput> change) =>
        Rewrite(slice => slice with { Outputs = [.. slice.Outputs.Select(change)] });

    private protected void Rewrite(Func<SliceManifest, SliceManifest> change) => Temporary.Repository.Slices.Rewrite("v1", change);
}
