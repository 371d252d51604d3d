using System.Text;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Text;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Samples;

/// <summary>One step of the demonstration's story.</summary>
/// <param name="Title">What happens.</param>
/// <param name="Commands">The commands that do the same by hand.</param>
/// <param name="Lines">What came of it, in plain sentences.</param>
public sealed record DemoStep(string Title, IReadOnlyList<string> Commands, IReadOnlyList<string> Lines);

/// <summary>The whole story and where its repository is.</summary>
public sealed record DemoStory(string Folder, IReadOnlyList<DemoStep> Steps);

/// <summary>
/// Makes a small repository with four weeks of exports and shows what versioned slices are good for, with the same
/// workflows that the commands use.
/// </summary>
public sealed class Demo
{
    private const int Weeks = 4;
    private const int WeekExportedTwice = 2;
    private const string SliceToRebuild = "v3";
    private static readonly DateTimeOffset s_firstFriday = new(2026, 4, 17, 18, 0, 0, TimeSpan.Zero);
    private static readonly string[] s_reasons =
    [
        "first week, labelled by hand",
        "second week, only four new episodes",
        "third week, nearly all of one task",
        "fourth week, all tasks, pre-annotated by the next model",
    ];

    private readonly string _folder;
    private readonly WorkContext _context;
    private readonly Action<DemoStep>? _show;
    private readonly List<DemoStep> _steps = [];
    private readonly SetClock _clock = new();
    private Repository _repository;

    private Demo(string folder, Action<DemoStep>? show, WorkContext context)
    {
        _folder = folder;
        _show = show;
        _context = context with { Clock = _clock };
        _repository = Repository.Initialize(folder);
    }

    /// <param name="folder">Where to; it must not exist or be empty.</param>
    /// <param name="show">Called with every step as it is done.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">The folder is not empty, or cannot be written.</exception>
    public static DemoStory Run(string folder, Action<DemoStep>? show, WorkContext context)
    {
        folder = Path.GetFullPath(folder);
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw DemoErrors.DemoFolderNotEmpty(folder);
        }

        var demo = new Demo(folder, show, context);
        demo.Begin();
        for (int week = 1; week <= Weeks; week++)
        {
            demo.Week(week);
        }

        demo.CheckAll();
        demo.DeleteCache();
        demo.Rewrite();
        demo.RedefineRule();
        return new DemoStory(folder, demo._steps);
    }

    private void Begin() => Show(
        "A new repository",
        ["harvest init"],
        "harvest.json has the harvest rules as harvest@v1.0.0, with every default spelt out.",
        "Git keeps harvest.json and the slices; .harvest/ (archive and cache) stays out of git.");

    private void Week(int week)
    {
        // Friday evening of the week in which the episodes came in.
        _clock.Now = s_firstFriday.AddDays(7 * (week - 1));
        var lines = new List<string>();
        foreach (SampleExport export in SampleSeries.FourWeeks.Week(week))
        {
            lines.Add(Add(export.Project, FileOf(week, export.FileName), export.Plan));
        }

        if (week == WeekExportedTwice)
        {
            SampleExport body = SampleSeries.FourWeeks.Week(week)[2];
            lines.Add(Add(body.Project, FileOf(week, "project_c_body_again.json"), body.Plan.ReExported()));
        }

        string version = $"v{week}";
        NewSliceResult made = NewSlice.Run(
            _repository,
            new NewSliceRequest(version)
            {
                Reason = s_reasons[week - 1],
            },
            _context);
        lines.AddRange(Describe(made));
        Show(
            $"Week {week}: exports arrive, slice {version} is cut",
            [
                $"harvest add label_studio/week_{week:00}/project_a_video.json --project a   (b and c likewise)",
                $"harvest new {version} --reason \"{s_reasons[week - 1]}\"",
            ],
            [.. lines]);
        if (week == 1)
        {
            Train(version);
        }
        else
        {
            Decide($"Week {week}: is it time to retrain?");
        }
    }

    /// <summary>What a training leaves: a file, which is registered on the slice that it was trained on.</summary>
    private void Train(string version)
    {
        const string Model = "hand_keypoint";
        string file = $"models/hand_kp/{version}.pt";
        DateTimeOffset trained = _clock.Now.AddHours(14);
        AtomicFile.WriteAllBytes(Path.Combine(_folder, file), Encoding.UTF8.GetBytes($"In the place of weights trained on {version}.\n"));
        RegisteredModel model = RegisterModel.Run(
            _repository,
            new ModelRegistration(version, Model) { Path = Path.Combine(_folder, file), TrainedAt = trained },
            _context);
        RetrainDecision decision = RetrainDecider.Decide(RetrainStateReader.Run(_repository, _context), _repository.Settings.Retrain);
        Show(
            $"A model is trained on {version}",
            [
                $"harvest register {version} {Model} {file} --trained-at {Timestamp.From(trained)}",
                "harvest decide",
            ],
            [
                $"{Model} is linked to {version} with the SHA-256 of its file, {Figures.ShortHash(model.Sha256!)}. 'harvest source --model {Model}' finds the corrections behind it.",
                .. DecisionText.Lines(decision),
            ]);
    }

    private string Add(string project, string file, ExportPlan plan)
    {
        string path = Path.Combine(_folder, file);
        Write(path, plan);
        AddedExport added = AddExport.Run(_repository, path, project, _context);
        string same = added.SameLabelsAs is null
            ? ""
            : $" Other bytes than {Figures.ShortHash(added.SameLabelsAs)}, but not one label moved: its rows are there already.";
        return $"{file}: {Figures.Count(added.Tasks ?? 0, "task")}, {Figures.Size(added.Bytes)}, archived as {Figures.ShortHash(added.Sha256)}.{same}";
    }

    private static IEnumerable<string> Describe(NewSliceResult made)
    {
        BuiltSlice built = made.Built!;
        long Rows(string table) => built.Tables.Where(t => t.Table == table).Sum(static t => t.Rows ?? 0);
        yield return $"Slice {made.Slice.Version}: {Figures.Count(Rows("keypoints"))} keypoint, {Figures.Count(Rows("boxes"))} box and {Figures.Count(Rows("actions"))} action rows; "
            + $"{Figures.Count(Rows("rejected"))} entries rejected, each with its reason.";
        IEnumerable<string> reasons = built.Tally.Total.Dropped
            .OrderByDescending(static reason => reason.Value)
            .ThenBy(static reason => reason.Key, StringComparer.Ordinal)
            .Select(static reason => $"{Figures.Count(reason.Value)} {reason.Key}");
        yield return $"Regions dropped: {string.Join(", ", reasons.DefaultIfEmpty("none"))}. No labels: {Figures.Count(built.Tally.Drafts, "draft")}, {Figures.Count(built.Tally.Unlabeled, "unlabeled task")}.";
        yield return $"slices/{made.Slice.Version}/slice.json names exports, rules and the SHA-256 of every table.";
    }

    private void CheckAll()
    {
        List<DriftReport> reports = Check();
        int tables = reports.Sum(static report => report.TablesCompared);
        Show(
            "The check",
            ["harvest check"],
            $"{reports.Count(static r => r.Status == DriftStatus.Clean)} of {reports.Count} slices are clean: every export still has its hash, and deriving all {Figures.Count(tables)} tables again from the archive gives the recorded bytes.");
    }

    private void DeleteCache()
    {
        Directory.Delete(_repository.CacheFolder, recursive: true);
        SliceManifest slice = _repository.Slices.Load(SliceToRebuild);
        BuiltSlice built = BuildSlice.Run(_repository, slice, _context);
        int same = slice.Outputs.Count(output => built.Tables.Any(table => output.Sha256 == table.Sha256 && output.Table == table.Table));
        Show(
            "The cache is deleted and built again",
            ["rm -rf .harvest/cache", $"harvest build {SliceToRebuild}"],
            $"{same} of {slice.Outputs.Count} Parquet files that {SliceToRebuild} names came back byte for byte, and all {built.Tables.Count} are there again ({Figures.Size(built.Tables.Sum(static t => t.Bytes))}).");
    }

    private void Rewrite()
    {
        SampleExport hands = SampleSeries.FourWeeks.Week(3)[1];
        string file = FileOf(3, hands.FileName);
        long first = hands.Plan.FirstTaskId;
        Write(Path.Combine(_folder, file), hands.Plan with { Relabelled = [first + 3, first + 10, first + 16], ExportRound = 1 });
        Show(
            $"Somebody exports over {file}",
            [$"harvest check {SliceToRebuild}"],
            [.. Findings(Check(), DriftKind.ExportRewritten)]);
    }

    private void RedefineRule()
    {
        HarvestSettings settings = _repository.Settings;
        (settings with { Harvest = settings.Harvest with { Rules = settings.Harvest.Rules with { MinPixelAgreement = 8 } } })
            .Write(_repository.SettingsPath);
        _repository = Repository.Find(_folder);
        List<string> findings = [.. Findings(Check(), DriftKind.HarvestRedefined)];
        int others = findings.Count - 1;
        Show(
            "Somebody edits min_pixel_agreement from 5 to 8 in harvest.json and keeps the version",
            ["harvest check   (exit code 1: a build would stop here)"],
            [findings[0], $"The same is said of {others} more slices, for all of them were made under harvest@v1.0.0."]);
    }

    private void Decide(string title)
    {
        RetrainState state = RetrainStateReader.Run(_repository, _context);
        RetrainDecision decision = RetrainDecider.Decide(state, _repository.Settings.Retrain);
        Show(title, ["harvest decide"], [.. DecisionText.Lines(decision)]);
    }

    private List<DriftReport> Check()
    {
        using var check = new CheckSlice(_repository, _context);
        return [.. _repository.Slices.Versions().Select(version => check.Run(_repository.Slices.Load(version), quick: false))];
    }

    private static IEnumerable<string> Findings(IEnumerable<DriftReport> reports, string kind) =>
        from report in reports
        from finding in report.Findings
        where finding.Kind == kind
        select $"{report.Version} is {report.Status}: {finding.Kind}. {finding.Message} {finding.Remedy}";

    private static string FileOf(int week, string name) => $"label_studio/week_{week:00}/{name}";

    private static void Write(string path, ExportPlan plan) => AtomicFile.Write(path, stream => ExportGenerator.Write(stream, plan));

    private void Show(string title, string[] commands, params string[] lines)
    {
        var step = new DemoStep(title, commands, lines);
        _steps.Add(step);
        _show?.Invoke(step);
    }

    /// <summary>The story plays in its own four weeks, whatever day it is played.</summary>
    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
