using System.Collections.Concurrent;
using System.Globalization;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Workflows;

/// <summary>The check as a whole: several faults, several slices, any culture and number of threads, cancellation.</summary>
public sealed class DriftRunTests : DriftFixture
{
    [Fact]
    public void Several_faults_at_once_are_each_named()
    {
        Temporary.Write(HandsFile, HandsPlan with { Relabelled = [3] });
        SliceExport actions = Slice.Exports.Single(static export => export.Project == "a");
        DeleteObject(actions.Sha256);
        File.Delete(Temporary.PathOf("label_studio/actions.json"));

        Assert.Equal(
            [DriftKind.ExportMissing, DriftKind.ExportRewritten],
            Check().Findings.Select(static finding => finding.Kind).Order());
    }

    [Fact]
    public void Findings_tell_since_when_and_what_is_spoilt()
    {
        Temporary.New("v2");
        Temporary.Add("label_studio/actions2.json", ActionsPlan with { Relabelled = [2] }, "a");
        Temporary.New("v3");
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v2", "hand_kp") { Path = "s3://models/v2.pt" }, Temporary.Context);
        DeleteObject(Hands.Sha256);
        File.Delete(Temporary.PathOf(HandsFile));

        DriftFinding hands = Assert.Single(Check().Findings);
        DeleteObject(Slice.Exports.Single(static export => export.Project == "a").Sha256);
        File.Delete(Temporary.PathOf("label_studio/actions.json"));
        DriftFinding actions = Check().Findings.Single(static finding => finding.Subject.StartsWith("a-", StringComparison.Ordinal));

        Assert.Equal("v1", hands.Since);
        Assert.Equal(["v1", "v2", "v3"], hands.Slices);
        Assert.Equal(("v2", "hand_kp"), (Assert.Single(hands.Models).Version, hands.Models[0].Name));
        Assert.Contains("v1, v2 and v3 use it, v1 first; trained on them: hand_kp on v2 (s3://models/v2.pt).", hands.Message, StringComparison.Ordinal);
        Assert.Equal([new RemedyAction.AddExport(Project: "b")], hands.Fix.Actions);
        Assert.Equal(["v1", "v2"], actions.Slices);
    }

    [Fact]
    public void Every_slice_is_reported_in_order_and_what_they_share_is_derived_once()
    {
        string[] versions = ["v1", "v2", "v3", "v4"];
        foreach (string version in versions.Skip(1))
        {
            Temporary.New(version);
        }

        var derived = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var progress = new ReportEach(report => derived.TryAdd($"{report.Activity} {report.Item}", 0));

        List<CheckedSlice> found = [.. CheckSlices.Run(Temporary.Repository, [], quick: false, Temporary.Context with { Threads = 4, Progress = progress })];

        Assert.Equal(versions, found.Select(static entry => entry.Version));
        Assert.All(found, static entry => Assert.Equal(DriftStatus.Clean, entry.Report!.Status));
        Assert.All(found, static entry => Assert.Equal(2 * TableCatalog.All.Count, entry.Report!.TablesCompared));
        Assert.Equal(2, derived.Keys.Count(static what => what.StartsWith("Checking", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_manifest_that_cannot_be_read_does_not_stop_the_others()
    {
        Temporary.New("v2");
        File.WriteAllText(Temporary.Repository.Slices.PathOf("v1"), "{");

        List<CheckedSlice> found = [.. CheckSlices.Run(Temporary.Repository, [], quick: false, Temporary.Context)];

        Assert.NotNull(found[0].Error);
        Assert.Equal(DriftStatus.Clean, found[1].Report!.Status);
    }

    [Fact]
    public void A_hundred_runs_find_nothing_under_any_culture_or_number_of_threads()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        string[] cultures = ["", "de-DE", "tr-TR", "ar-SA", "th-TH"];
        try
        {
            for (int run = 0; run < 100; run++)
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(cultures[run % cultures.Length]);
                Assert.All(
                    CheckSlices.Run(Temporary.Repository, [], quick: run % 10 != 0, Temporary.Context with { Threads = 1 + (run % 7) }),
                    static entry => Assert.Empty(entry.Report!.Findings));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Cancelling_stops_the_check_and_leaves_nothing_behind()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new ReportEach(report =>
        {
            if (report.Activity == "Checking")
            {
                cancel.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => CheckSlices
            .Run(Temporary.Repository, [], quick: false, Temporary.Context with { Progress = progress, Cancellation = cancel.Token })
            .ToList());
        Assert.Empty(Directory.EnumerateFiles(Temporary.Folder, ".tmp-*", SearchOption.AllDirectories));
    }

    private sealed class ReportEach(Action<WorkProgress> each) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => each(value);
    }
}
