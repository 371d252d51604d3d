using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Tests.Shared;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What slice.json says is held against what it refers to, and against what git has of it.</summary>
public sealed class DriftOfRecordsTests : DriftFixture
{
    private string Manifest => Temporary.PathOf("slices/v1/slice.json");

    [Fact]
    public void A_table_that_does_not_exist_and_one_that_is_there_twice_are_errors_of_check_and_fsck()
    {
        Rewrite(slice => slice with { Outputs = [.. slice.Outputs, slice.Outputs[0], slice.Outputs[0] with { Table = "keypointz" }] });

        DriftFinding[] found = Found(DriftKind.RecordDamaged);

        Assert.Equal([$"outputs[{Slice.Outputs.Count}].table", $"outputs[{Slice.Outputs.Count + 1}].table"], found.Select(static finding => finding.Subject));
        Assert.All(found, static finding => Assert.Equal((DriftSeverity.Error, DriftCause.Store), (finding.Severity, finding.Cause)));
        Assert.Contains("keypointz", found[1].Message, StringComparison.Ordinal);
        Assert.Equal(DriftStatus.Drifted, Check(quick: true).Status);
        ArchiveFinding[] kept = [.. new ArchiveCheck(CheckArchive.Of(Temporary.Repository)).Run().Where(static finding => finding.Kind == ArchiveFindingKind.RecordDamaged)];
        Assert.Equal(found.Select(static finding => finding.Message), kept.Select(static finding => finding.Message));
        Assert.All(kept, static finding => Assert.True(finding.IsFault));
    }

    [Fact]
    public void What_the_archive_records_of_an_export_is_not_contradicted()
    {
        Rewrite(slice => slice with
        {
            Exports =
            [
                slice.Exports[0] with { LabelSha256 = new string('a', 64), Bytes = slice.Exports[0].Bytes + 1 },
                slice.Exports[1] with { SupersededBy = [new string('b', 64)] },
            ],
        });

        Assert.Equal(
            ["exports[0].bytes", "exports[0].label_sha256", "exports[1].superseded_by"],
            Found(DriftKind.RecordDamaged, quick: true).Select(static finding => finding.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_metric_without_a_name_and_a_commit_that_is_none_are_named()
    {
        Rewrite(slice => slice with
        {
            Runs = [new SliceRun { Name = "hand", Metrics = new JsonObject { ["pck\u0001"] = 0.5, ["auc"] = 1 } }],
            Pins = new SlicePins { GitCommit = "0a1b2g" },
        });

        Assert.Equal(["runs[0].metrics", "pins.git_commit"], Found(DriftKind.RecordDamaged, quick: true).Select(static finding => finding.Subject));
    }

    [Fact]
    public void An_eval_set_that_is_not_the_recorded_one_is_a_note_until_another_slice_has_it_too()
    {
        Temporary.WriteText("eval/set.json", "[1]");
        PinEvalSet.Run(Temporary.Repository, Temporary.PathOf("eval/set.json"), "v1", Temporary.Context);
        Assert.Empty(Check().Findings);
        Temporary.WriteText("eval/set.json", "[2]");

        DriftReport report = Check();
        DriftFinding changed = Assert.Single(report.Findings);
        Assert.Equal((DriftKind.EvalSetChanged, DriftSeverity.Note, DriftStatus.Clean), (changed.Kind, changed.Severity, report.Status));
        Assert.Equal("eval/set.json", changed.Subject);

        File.Delete(Temporary.PathOf("eval/set.json"));
        DriftReport gone = Check(quick: true);
        Assert.Equal([DriftKind.EvalLeak, DriftKind.EvalSetChanged], gone.Findings.Select(static finding => finding.Kind).Order(StringComparer.Ordinal));
        Assert.All(gone.Findings, static finding => Assert.Null(finding.Actual));

        Temporary.WriteText("eval/set.json", "[1]");
        SliceManifest second = Temporary.New("v2").Slice;
        Temporary.WriteText("eval/set.json", "[2]");
        Assert.Equal(second.EvalSet!.Sha256, Temporary.Repository.Slices.Load("v1").EvalSet!.Sha256);
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void A_damaged_record_of_an_export_is_a_warning_of_the_slices_that_use_it()
    {
        string record = Path.Combine(Temporary.Repository.Archive.Folder, "exports", $"b-{Hands.Sha256}.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"bytes\": ", "\"bytes\": 1", StringComparison.Ordinal));

        DriftFinding damaged = Assert.Single(Found(DriftKind.RecordDamaged, quick: true));

        Assert.Equal((DriftSeverity.Warning, Hands.FileStem), (damaged.Severity, damaged.Subject));
        Assert.Contains(damaged.Fix.Actions, static action => action is RemedyAction.RepairArchive);
    }

    [Fact]
    public void Every_flipped_bit_of_a_definition_is_seen_or_changes_nothing_that_is_read()
    {
        string path = Temporary.PathOf("slices/v1/definition.json");
        string whole = Rules();
        int harmless = 0;
        FlippedBits.Each(
            File.ReadAllBytes(path),
            (bytes, bit) =>
            {
                File.WriteAllBytes(path, bytes);
                if (Check(quick: true).Findings.Count == 0)
                {
                    harmless++;
                    Assert.True(Rules() == whole, $"bit {bit}");
                }
            },
            most: 300);
        Assert.InRange(harmless, 0, 60);

        string Rules() => System.Text.Encoding.UTF8.GetString(Temporary.Repository.Slices.TryLoadDefinition("v1", DerivationVersion.Current)!.ToCanonicalBytes());
    }

    [Fact]
    public void Upper_case_is_the_same_hash()
    {
        string text = File.ReadAllText(Manifest);
        File.WriteAllText(Manifest, text.Replace(Hands.Sha256, Hands.Sha256.ToUpperInvariant(), StringComparison.Ordinal));

        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void What_differs_from_the_commit_is_a_warning_and_what_was_registered_since_is_none()
    {
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "hand") { Metrics = new Dictionary<string, double> { ["pck"] = 0.5 } }, Temporary.Context);
        Commit();
        Assert.Empty(Check(quick: true).Findings);

        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "hand") { Metrics = new Dictionary<string, double> { ["auc"] = 0.7 } }, Temporary.Context);
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "eye") { Path = "s3://models/eye.pt" }, Temporary.Context);
        Temporary.WriteText("eval/set.json", "[1]");
        PinEvalSet.Run(Temporary.Repository, Temporary.PathOf("eval/set.json"), "v1", Temporary.Context);
        Assert.Empty(Check(quick: true).Findings);

        File.WriteAllText(Manifest, File.ReadAllText(Manifest).Replace("\"pck\"", "\"pcj\"", StringComparison.Ordinal));
        DriftReport report = Check(quick: true);
        DriftFinding differs = Assert.Single(report.Findings);
        Assert.Equal((DriftKind.RecordDamaged, DriftSeverity.Warning, "runs", DriftStatus.Clean), (differs.Kind, differs.Severity, differs.Subject, report.Status));
        Assert.Contains("slices/v1/slice.json is not committed as it is now, in runs: a model was registered", differs.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_differs_from_the_tag_of_the_slice_is_an_error_and_a_model_is_no_difference()
    {
        Commit();
        Git("tag", "slices/v1");
        Git("tag", "v10");
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "hand") { Path = "s3://models/hand.pt" }, Temporary.Context);
        Commit();
        Assert.Empty(Check(quick: true).Findings);

        Rewrite(slice => slice with { FilterOverrides = new JsonObject { ["min_pixel_agreement"] = 7 } });
        Commit();
        DriftFinding differs = Assert.Single(Found(DriftKind.TagDiffers, quick: true));

        Assert.Equal(DriftSeverity.Error, differs.Severity);
        Assert.Equal(new RemedyAction.RestoreFromGit("slices/v1/slice.json") { Revision = "slices/v1" }, Assert.Single(differs.Fix.Actions));
        Assert.Contains("tag slices/v1", differs.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_flipped_bit_of_a_committed_slice_is_seen_or_changes_nothing_that_is_read()
    {
        Temporary.WriteText("eval/set.json", "[1]");
        PinEvalSet.Run(Temporary.Repository, Temporary.PathOf("eval/set.json"), "v1", Temporary.Context);
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "hand") { Path = "s3://models/hand.pt", Metrics = new Dictionary<string, double> { ["pck"] = 0.5 } }, Temporary.Context);
        Commit();
        byte[] written = File.ReadAllBytes(Manifest);
        string whole = Temporary.Repository.Slices.Load("v1").ToJson().ToJsonString();
        int harmless = 0;
        FlippedBits.Each(
            written,
            (bytes, bit) =>
            {
                File.WriteAllBytes(Manifest, bytes);
                CheckedSlice seen = Assert.Single(CheckSlices.Run(Temporary.Repository, ["v1"], quick: true, Temporary.Context));
                if (seen.Error is null && seen.Report!.Findings.Count == 0)
                {
                    harmless++;
                    Assert.True(seen.Slice!.ToJson().ToJsonString() == whole, $"bit {bit}");
                }
            },
            most: 300);
        Assert.InRange(harmless, 0, 60);
    }

    [Fact]
    public void What_was_put_into_production_is_held_against_what_was_committed_of_it()
    {
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "hand") { Path = "s3://models/hand.pt", Sha256 = new string('a', 64) }, Temporary.Context);
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "eye") { Path = "s3://models/eye.pt" }, Temporary.Context);
        PromoteModel.Run(Temporary.Repository, "hand", null, "the first one", Temporary.Context);
        string path = Temporary.PathOf("production.jsonl");
        Assert.Empty(OfProduction());
        Commit();
        PromoteModel.Run(Temporary.Repository, "eye", null, "a later one", Temporary.Context);
        Assert.Empty(OfProduction());

        string written = File.ReadAllText(path);
        foreach (string damaged in new[] { written.Replace("aaaaaaaa\"", "aaaaaaac\"", StringComparison.Ordinal), written.Replace("the first", "the fjrst", StringComparison.Ordinal), written[(written.IndexOf('\n', StringComparison.Ordinal) + 1)..] })
        {
            File.WriteAllText(path, damaged);
            ArchiveFinding differs = Assert.Single(OfProduction());
            Assert.Equal((ArchiveFindingKind.RecordDamaged, FindingSeverity.Warning), (differs.Kind, differs.Severity));
            Assert.Contains("no longer has hand of v1 as it was committed", differs.Message, StringComparison.Ordinal);
            Assert.Equal(new RemedyAction.RestoreFromGit("production.jsonl") { Revision = "HEAD" }, Assert.Single(differs.Fix.Actions));
        }

        File.WriteAllText(path, written.Replace("\"at\"", "\"au\"", StringComparison.Ordinal));
        ArchiveFinding unreadable = Assert.Single(OfProduction());
        Assert.Equal((ArchiveFindingKind.Unreadable, FindingSeverity.Error), (unreadable.Kind, unreadable.Severity));
        File.Delete(path);
        Assert.Single(OfProduction());

        // A checkout may end lines in its own way.
        File.WriteAllText(path, written.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Empty(OfProduction());
    }

    private ArchiveFinding[] OfProduction() =>
        [.. new ArchiveCheck(CheckArchive.Of(Temporary.Repository)).Run().Where(static finding => finding.Subject == "production.jsonl")];

    private DriftFinding[] Found(string kind, bool quick = false) => [.. Check(quick).Findings.Where(finding => finding.Kind == kind)];

    private void Commit()
    {
        if (!Directory.Exists(Temporary.PathOf(".git")))
        {
            Git("init", "-q");
        }

        Git("add", "-A");
        Git("-c", "user.name=Team", "-c", "user.email=team@example.org", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "slice");
    }

    private void Git(params string[] arguments)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Temporary.Folder, RedirectStandardError = true })!;
            string errors = git.StandardError.ReadToEnd();
            git.WaitForExit();
            Assert.True(git.ExitCode == 0, errors);
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no git");
        }
    }
}
