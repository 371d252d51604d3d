using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class EraseCommand : HarvestCommand
{
    private readonly Option<long?> _annotator;
    private readonly Option<string?> _episode;
    private readonly Option<string?> _project;
    private readonly Option<string[]> _email;
    private readonly Option<bool> _plan;
    private readonly Option<bool> _noRule;
    private readonly Option<bool> _remove;
    private readonly Option<bool> _yes;
    private readonly Option<bool> _prove;

    public EraseCommand()
        : base("erase", "Say what the erasure of a person's work or an episode touches; write exports without it, remove those with it, and prove that nothing is left.")
    {
        _annotator = With(new Option<long?>("--annotator") { Description = "A person by the id in Label Studio.", HelpName = "ID" });
        _episode = With(new Option<string?>("--episode") { Description = "Or an episode, or task_subdir/episode.", HelpName = "EPISODE" });
        _project = With(new Option<string?>("--project") { Description = "Only in exports of this project: ids are those of one Label Studio.", HelpName = "NAME" });
        _email = With(new Option<string[]>("--email") { Description = "With --annotator: an e-mail address of the person, besides those that exports have; may be given again. Drafts name their author by nothing else.", HelpName = "ADDRESS" });
        _plan = With(new Option<bool>("--plan") { Description = "Write redacted exports and a definition that leaves it out; nothing is removed." });
        _noRule = With(new Option<bool>("--no-rule") { Description = "With --plan: leave the definition in harvest.json as it is." });
        _remove = With(new Option<bool>("--remove") { Description = "Remove the exports that have a redacted one, and what the cache holds; without --yes it only says what would go." });
        _yes = With(new Option<bool>("--yes") { Description = "With --remove: remove them." });
        _prove = With(new Option<bool>("--prove") { Description = "Search everything that is kept, and name what is left; exit code 1 where something is." });
    }

    public override void Run(Invocation run)
    {
        run.Document["plan"] = null;
        run.Document["removal"] = null;
        run.Document["proof"] = null;
        SourceQuery subject = Subject(run);
        (bool plan, bool remove, bool prove) = (run.Value(_plan), run.Value(_remove), run.Value(_prove));
        if ((plan ? 1 : 0) + (remove ? 1 : 0) + (prove ? 1 : 0) > 1 || (run.Value(_noRule) && !plan) || (run.Value(_yes) && !remove))
        {
            throw CliErrors.CommandLineInvalid(
                "--plan, --remove and --prove are three steps, --no-rule goes with --plan, and --yes with --remove.", "Name one of them, for example 'harvest erase --annotator 7 --plan'.");
        }

        if (prove)
        {
            Prove(run, subject);
        }
        else if (remove)
        {
            Remove(run, subject, run.Value(_yes));
        }
        else
        {
            Plan(run, subject, plan);
        }
    }

    private SourceQuery Subject(Invocation run) => (run.Value(_annotator), run.Value(_episode)) switch
    {
        ({ } annotator, null) => SourceQuery.OfAnnotator(annotator) with { Project = run.Value(_project), Emails = run.Value(_email) ?? [] },
        (null, { }) when run.Value(_email) is { Length: > 0 } => throw CliErrors.CommandLineInvalid("--email goes with --annotator.", "For example 'harvest erase --annotator 7 --email ana@example.org'."),
        (null, { } episode) => SourceQuery.OfEpisode(episode) with { Project = run.Value(_project) },
        _ => throw CliErrors.CommandLineInvalid("Name a person with --annotator or an episode with --episode.", "For example 'harvest erase --annotator 7'."),
    };

    private void Plan(Invocation run, SourceQuery subject, bool write)
    {
        ErasurePlan plan = write
            ? PlanErasure.Write(run.Repository, subject, run.Context, rule: !run.Value(_noRule))
            : PlanErasure.Preview(run.Repository, subject, run.Context);
        run.Document["plan"] = Shape(plan);
        TextTable exports = new TextTable("project", "export", "holds", "redacted", "used by", "from");
        foreach (ErasedExport export in plan.Exports)
        {
            exports.Add(
                export.Project, Terminal.Short(export.Sha256), export.Holds.ToString(), Terminal.Short(export.RedactedSha256), Figures.Few(export.Slices), export.Path ?? "-");
        }

        run.Say(exports);
        TextTable slices = new TextTable("slice", "rows", "exports", "models").Right(1, 2);
        foreach (ErasedSlice slice in plan.Slices)
        {
            slices.Add(
                slice.Version, slice.Rows is { } rows ? Figures.Count(rows) : "not known", Figures.Count(slice.Exports), string.Join(", ", slice.Models.Select(static model => model.Name)));
        }

        if (!slices.Empty)
        {
            run.Say(slices);
        }

        run.Say(plan.KeptSlices.Count == 0 ? "No slice is without it." : $"Without it, and unchanged: {Figures.Few(plan.KeptSlices)}.");
        if (plan.Models.Count > 0)
        {
            run.Say($"To be trained again: {Figures.List([.. plan.Models.Select(static model => $"{model.Name} ({model.Version})").Distinct()])}.");
        }

        SayLimits(run, plan);
        if (!write)
        {
            run.Say($"Nothing was written. --plan writes exports without it{(plan.WritesRule ? ", and a definition that leaves it out" : "; no rule leaves it out of later slices")}.");
            return;
        }

        if (plan.HarvestVersion is { } version)
        {
            run.Say($"harvest.json has {version}, which leaves it out of new slices.");
        }

        foreach (Remedy next in plan.Next)
        {
            run.Next(next.Spell(ProgramSpelling.Instance));
        }
    }

    /// <summary>What stays although it is near what is erased.</summary>
    private static void SayLimits(Invocation run, ErasurePlan plan)
    {
        long shared = plan.Exports.Sum(static export => export.Holds.SharedTasks);
        long copies = plan.Exports.Max(static export => export.Holds.Copies);
        if (shared > 0)
        {
            run.Say($"{Figures.Count(shared, "task")} {Figures.Plural((int)Math.Min(shared, 2), "shows", "show")} other episodes too: the labels on this one go, the links of its media stay.");
        }

        if (copies > 0)
        {
            run.Say($"{Figures.Count(copies, "annotation")} of others {Figures.Plural((int)Math.Min(copies, 2), "was", "were")} begun as a copy of one of it, and {Figures.Plural((int)Math.Min(copies, 2), "stays", "stay")}.");
        }

        foreach (UnknownRows one in plan.NotKnown)
        {
            run.Say($"{one.Reason} {one.Remedy.Spell(ProgramSpelling.Instance)}");
        }

        if (plan.NotRead.Count > 0)
        {
            run.Say($"Not on this machine, so not known: {Figures.Few(plan.NotRead)}.");
        }
    }

    private static void Remove(Invocation run, SourceQuery subject, bool yes)
    {
        ErasureRemoval removal = yes ? RemoveErased.Run(run.Repository, subject, run.Context) : RemoveErased.Plan(run.Repository, subject, run.Context);
        run.Document["removal"] = new JsonObject
        {
            ["subject"] = removal.Subject,
            ["removed"] = removal.Removed,
            ["exports"] = Shapes.List(removal.Exports, Shape),
            ["slices"] = Shapes.List(removal.Slices, static version => JsonValue.Create(version)),
            ["cache_files"] = removal.CacheFiles,
            ["left_files"] = Shapes.List(removal.LeftFiles, static path => JsonValue.Create(path)),
        };
        string would = removal.Removed ? "removed" : "would remove";
        foreach (ErasedExport export in removal.Exports)
        {
            run.Say($"{would}  {export.Project}  {Terminal.Short(export.Sha256)}  ({export.Holds}); {Terminal.Short(export.RedactedSha256)} takes its place");
        }

        run.Say($"{would}  {Figures.Count(removal.CacheFiles, "file")} of the cache");
        if (removal.Slices.Count > 0)
        {
            run.Say($"Slices that {(removal.Removed ? "cannot" : "could not")} be built any more: {Figures.Few(removal.Slices)}.");
        }

        if (removal.LeftFiles.Count > 0)
        {
            run.Say($"These files hold something of it and are yours to delete: {Figures.Few(removal.LeftFiles)}.");
        }

        if (!removal.Removed)
        {
            run.Say("Nothing was removed. With --yes it is, and nothing here brings it back.");
            return;
        }

        run.Next(ProgramSpelling.Instance.Spell(subject.ToErase(ErasureStep.Prove)));
    }

    private static void Prove(Invocation run, SourceQuery subject)
    {
        ErasureProof proof = ProveErasure.Run(run.Repository, subject, run.Context);
        run.Document["proof"] = new JsonObject
        {
            ["subject"] = proof.Subject,
            ["erased"] = proof.IsErased,
            ["traces"] = Shapes.List(proof.Traces, static trace => new JsonObject
            {
                ["kind"] = trace.Kind.ToString(),
                ["path"] = trace.Path,
                ["what"] = trace.What,
                ["slices"] = Shapes.List(trace.Slices, static version => JsonValue.Create(version)),
            }),
            ["objects"] = proof.Objects,
            ["records"] = proof.Records,
            ["files"] = proof.Files,
            ["tables"] = proof.Tables,
            ["rows"] = proof.Rows,
            ["cache_files"] = proof.CacheFiles,
            ["not_known"] = Shapes.List(proof.NotKnown, Shape),
            ["not_searched"] = Shapes.List(proof.NotSearched, static text => JsonValue.Create(text)),
        };
        TextTable table = new TextTable("holds it", "where", "what", "used by");
        foreach (ErasureTrace trace in proof.Traces.Where(static trace => !IsCounted(trace)))
        {
            table.Add(trace.Kind.ToString(), trace.Path, trace.What, Figures.Few(trace.Slices));
        }

        if (!table.Empty)
        {
            run.Say(table);
        }

        foreach (IGrouping<ErasureTraceKind, ErasureTrace> many in proof.Traces.Where(IsCounted).GroupBy(static trace => trace.Kind))
        {
            run.Say(many.Key switch
            {
                ErasureTraceKind.Table => $"{Figures.Count(many.Count(), "table")} of the cache with rows of it, for example {many.First().Path} ({many.First().What}).",
                ErasureTraceKind.Cache => $"{Figures.Count(many.Count(), "other file")} of the cache, for example {many.First().Path} ({many.First().What}).",
                _ => $"{Figures.Count(many.Count(), "definition or record", "definitions and records")} that {Figures.Plural(many.Count(), "leaves it out has", "leave it out have")} to name it, for example {many.First().Path}.",
            });
        }

        string searched = $"{Figures.Count(proof.Objects, "object")} and {Figures.Count(proof.Records, "record")} of the archive, {Figures.Count(proof.Tables, "table")} with {Figures.Count(proof.Rows, "row")} "
            + $"and {Figures.Count(proof.CacheFiles, "other file")} of the cache, {Figures.Count(proof.Files, "file")} of the checkout";
        run.Say(proof.IsErased ? $"Nothing of {proof.Subject} is left in {searched}." : $"Searched: {searched}.");
        foreach (UnknownRows one in proof.NotKnown)
        {
            run.Say(one.Reason);
        }

        foreach (string one in proof.NotSearched)
        {
            run.Say($"Not searched: {one}");
        }

        if (!proof.IsErased)
        {
            run.Raise(ExitCode.DriftOrDamage);
            run.Say(proof.Remedy!.Spell(ProgramSpelling.Instance));
        }
    }

    /// <summary>Of what there is much and nobody has to look at, one example is enough; JSON has all.</summary>
    private static bool IsCounted(ErasureTrace trace) => trace.Kind is ErasureTraceKind.Table or ErasureTraceKind.Cache or ErasureTraceKind.Exclusion;

    private static JsonObject Shape(ErasurePlan plan) => new()
    {
        ["subject"] = plan.Subject,
        ["written"] = plan.Written,
        ["exports"] = Shapes.List(plan.Exports, Shape),
        ["slices"] = Shapes.List(plan.Slices, static slice => new JsonObject
        {
            ["version"] = slice.Version,
            ["rows"] = slice.Rows,
            ["exports"] = slice.Exports,
            ["models"] = Models(slice.Models),
        }),
        ["kept_slices"] = Shapes.List(plan.KeptSlices, static version => JsonValue.Create(version)),
        ["models"] = Models(plan.Models),
        ["harvest_version"] = plan.HarvestVersion,
        ["not_known"] = Shapes.List(plan.NotKnown, Shape),
        ["not_read"] = Shapes.List(plan.NotRead, static export => JsonValue.Create(export)),
        ["next"] = Shapes.List(plan.Next, static next => JsonValue.Create(next.Spell(ProgramSpelling.Instance))),
    };

    private static JsonObject Shape(UnknownRows unknown) => new()
    {
        ["reason"] = unknown.Reason,
        ["remedy"] = unknown.Remedy.Spell(ProgramSpelling.Instance),
    };

    private static JsonArray Models(IEnumerable<RegisteredModel> models) =>
        [.. models.Select(static model => (JsonNode)new JsonObject { ["version"] = model.Version, ["name"] = model.Name, ["sha256"] = model.Sha256 })];

    private static JsonObject Shape(ErasedExport export) => new()
    {
        ["project"] = export.Project,
        ["sha256"] = export.Sha256,
        ["path"] = export.Path,
        ["redacted_sha256"] = export.RedactedSha256,
        ["slices"] = Shapes.List(export.Slices, static version => JsonValue.Create(version)),
        ["tasks"] = export.Holds.Tasks,
        ["annotations"] = export.Holds.Annotations,
        ["drafts"] = export.Holds.Drafts,
        ["mentions"] = export.Holds.Mentions,
        ["shared_tasks"] = export.Holds.SharedTasks,
        ["copies"] = export.Holds.Copies,
    };
}
