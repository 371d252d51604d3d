using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class GcCommand : HarvestCommand
{
    private const int Shown = 20;

    private readonly Argument<string[]> _hashes;
    private readonly Option<bool> _why;
    private readonly Option<bool> _yes;
    private readonly Option<string[]> _release;
    private readonly Option<string[]> _forget;
    private readonly Option<string?> _remote;
    private readonly Option<bool> _exclusive;

    public GcCommand()
        : base("gc", "Move what nothing needs into quarantine, and remove what was there long enough. Without --yes it only says what would go. Touches a remote only where --remote names one, and then nothing else.")
    {
        _hashes = With(new Argument<string[]>("HASH") { Description = "With --why: objects, by the first digits of their hashes. Default: all.", Arity = ArgumentArity.ZeroOrMore });
        _why = With(new Option<bool>("--why") { Description = "List objects with what needs each." });
        _yes = With(new Option<bool>("--yes") { Description = "Do it; left out, nothing is changed." });
        _release = With(new Option<string[]>("--release") { Description = "A slice without a model whose exports go though it names them, once the remote has them; may be given again.", HelpName = "VERSION" });
        _forget = With(new Option<string[]>("--forget") { Description = "A repository that used this archive and is gone for good; with --remote the id of one that is registered there. May be given again.", HelpName = "DIR" });
        _remote = With(new Option<string?>("--remote") { Description = "Work in this remote of harvest.json, and not in the archive: note what nothing needs there, and remove what was noted long enough ago.", HelpName = "NAME" });
        _exclusive = With(new Option<bool>("--exclusive") { Description = "With --remote: nobody else works there meanwhile, which a remote that cannot refuse to write over files needs." });
    }

    public override void Run(Invocation run)
    {
        var objects = new JsonArray();
        run.Document["done"] = false;
        run.Document["kept"] = null;
        run.Document["objects"] = objects;
        run.Document["cache"] = null;
        run.Document["notes"] = null;
        run.Document["not_there"] = null;
        run.Document["remote"] = null;
        run.Document["repositories"] = null;
        bool yes = run.Value(_yes);
        bool why = run.Value(_why);
        string[] hashes = run.Value(_hashes) ?? [];
        if ((why && yes) || (hashes.Length > 0 && !why))
        {
            throw CliErrors.CommandLineInvalid("--why lists what needs each object and changes nothing; a HASH goes with it.", "For example 'harvest gc --why 8f434346', or 'harvest gc --yes'.");
        }

        string? remote = run.Value(_remote);
        string[] release = run.Value(_release) ?? [];
        string[] forget = run.Value(_forget) ?? [];
        if ((remote is null && run.Value(_exclusive)) || (remote is not null && release.Length > 0))
        {
            throw CliErrors.CommandLineInvalid("--exclusive is about a remote, and --release about the archive.", "For example 'harvest gc --remote origin --exclusive --yes', or 'harvest gc --release v3'.");
        }

        var request = new UnreachableRequest
        {
            Release = release,
            Forget = remote is not null ? forget : [.. forget.Select(folder => Path.GetFullPath(folder, run.Folder))],
            Remote = remote,
            Exclusive = run.Value(_exclusive),
        };
        string again = CommandOf(request);
        UnreachableReport report = yes ? RemoveUnreachable.Run(run.Repository, request, run.Context) : RemoveUnreachable.Plan(run.Repository, request, run.Context);
        run.Document["done"] = report.Done;
        run.Document["kept"] = report.Kept;
        run.Document["cache"] = Shapes.List(report.Cache, static one => new JsonObject
        {
            ["folder"] = one.Folder,
            ["slices"] = Shapes.List(one.Slices, static version => JsonValue.Create(version)),
            ["bytes"] = one.Bytes,
            ["last_used"] = Json.Timestamp.From(one.LastUsed).Text,
            ["why"] = one.Why,
        });
        run.Document["notes"] = Shapes.List(report.Notes, static note => JsonValue.Create(note));
        run.Document["not_there"] = Shapes.List(report.NotThere, static root => JsonValue.Create(root));
        run.Document["remote"] = report.Remote;
        run.Document["repositories"] = Shapes.List(report.Repositories, static one => new JsonObject
        {
            ["id"] = one.Id,
            ["name"] = one.Name,
            ["declared_at"] = Json.Timestamp.From(one.DeclaredAt).Text,
        });
        foreach (ReachedObject one in report.Objects.Where(one => why ? hashes.Length == 0 || hashes.Any(hash => one.Sha256.StartsWith(hash, StringComparison.OrdinalIgnoreCase)) : one.State != ObjectState.Kept))
        {
            objects.Add((JsonNode)Shape(one));
        }

        if (why)
        {
            Why(run, report, request, hashes);
        }
        else if (report.Remote is not null)
        {
            SayRemote(run, report, again, forget.Length > 0, request.Exclusive);
        }
        else
        {
            Say(run, report, again, release, forget.Length > 0);
        }

        foreach (string note in report.Notes)
        {
            run.Say(note);
        }

        foreach (string root in report.NotThere)
        {
            run.Say($"'harvest gc --forget {ShellQuoting.Quote(root)}' says that it is gone for good.");
        }
    }

    private static void Why(Invocation run, UnreachableReport report, UnreachableRequest request, string[] hashes)
    {
        foreach (string hash in hashes.Where(hash => !report.Objects.Any(one => one.Sha256.StartsWith(hash, StringComparison.OrdinalIgnoreCase))))
        {
            run.Fail(RemoveUnreachable.NotHere(run.Repository, request, hash, run.Context));
        }

        foreach (ReachedObject one in report.Objects.Where(one => hashes.Length == 0 || hashes.Any(hash => one.Sha256.StartsWith(hash, StringComparison.OrdinalIgnoreCase))))
        {
            run.Say($"{Figures.ShortHash(one.Sha256)}  {one.What}, {Figures.Size(one.Bytes)}");
            run.Say("  " + WhyOf(one));
        }
    }

    private static string WhyOf(ReachedObject one) => one switch
    {
        { State: ObjectState.Waiting, Released: true, Reasons.Count: > 0 } => $"let go though {Figures.List(one.Reasons)} {Figures.Plural(one.Reasons.Count, "names", "name")} it; in quarantine since {one.QuarantinedOn}, removed from {one.RemovedFrom} on where 'harvest gc --release VERSION --yes' names it again",
        { Reasons.Count: > 0 } => $"kept for: {Figures.List(one.Reasons)}",
        { RemovedFrom: null } or { State: ObjectState.Noted } => "nothing needs it",
        { NotedOn: not null } => $"nothing needs it, as was noted on {one.NotedOn}; removed from {one.RemovedFrom} on",
        _ => $"nothing needs it; in quarantine since {one.QuarantinedOn}, removed from {one.RemovedFrom} on",
    };

    /// <summary>The command once more, with what was asked for: without it, it would do something else.</summary>
    private static string CommandOf(UnreachableRequest request) => string.Join(' ',
    [
        "harvest gc",
        .. request.Remote is { } remote ? [$"--remote {ShellQuoting.Quote(remote)}"] : Array.Empty<string>(),
        .. request.Release.Select(static version => $"--release {ShellQuoting.Quote(version)}"),
        .. request.Forget.Select(static folder => $"--forget {ShellQuoting.Quote(folder)}"),
        .. request.Exclusive ? ["--exclusive"] : Array.Empty<string>(),
    ]);

    private static void Say(Invocation run, UnreachableReport report, string again, string[] release, bool forget)
    {
        Section(run, report, ObjectState.Returned, report.Done ? "came back, since something needs it" : "comes back, since something needs it");
        Section(run, report, ObjectState.Quarantined, report.Done ? "went into quarantine" : "would go into quarantine");
        Section(run, report, ObjectState.Removed, report.Done ? "was removed for good" : "would be removed for good");
        Section(run, report, ObjectState.Waiting, "is in quarantine and waits");
        Section(run, report, ObjectState.Proposed, "is needed by old slices without a model alone");
        foreach (UnusedTables tables in report.Cache.Take(Shown))
        {
            string of = tables.Slices.Count == 0 ? Path.GetFileName(tables.Folder)[..12] : Figures.List(tables.Slices);
            run.Say($"cached tables of {of}, {Figures.Size(tables.Bytes)}, used last on {Figures.Date(tables.LastUsed)}: {(report.Done ? "were removed" : "would be removed")}, since {tables.Why}");
        }

        if (report.Cache.Count > 1)
        {
            run.Say($"  {Figures.Count(report.Cache.Count, "folder")} of cached tables, {Figures.Size(report.Cache.Sum(static one => one.Bytes))}");
        }

        run.Say($"{Figures.Count(report.Kept, "object")} {Figures.Plural(report.Kept, "is", "are")} kept.");
        int proposed = report.Count(ObjectState.Proposed);
        if (proposed > 0)
        {
            run.Say("'harvest gc --release VERSION' takes the exports of such a slice, once the remote has them.");
        }

        ReachedObject[] released = [.. report.Objects.Where(static one => one is { Released: true, State: ObjectState.Quarantined or ObjectState.Waiting })];
        if (released.Length > 0 && release.Length > 0)
        {
            run.Say(report.Done
                ? $"The remote has what was let go. '{CommandOf(new UnreachableRequest { Release = release })} --yes' removes it here for good once its days are over."
                : "What is let go is sent to the remote first, and read there.");
        }

        if (!report.Done && (forget || report.Cache.Count > 0 || report.Objects.Any(static one => one.State is ObjectState.Quarantined or ObjectState.Removed or ObjectState.Returned)))
        {
            run.Say($"Nothing was changed. '{again} --yes' does it, '{again} --why' says what needs each object.");
        }
    }

    private static void SayRemote(Invocation run, UnreachableReport report, string again, bool forget, bool exclusive)
    {
        Section(run, report, ObjectState.Removed, report.Done ? "was removed for good" : "would be removed for good");
        Section(run, report, ObjectState.Noted, report.Done ? "was noted as needed by nothing" : "would be noted as needed by nothing");
        Section(run, report, ObjectState.Waiting, "is noted as needed by nothing and waits");
        foreach (RegisteredRepositoryInfo one in report.Repositories)
        {
            run.Say($"repository {one.Id}, '{one.Name}', said last on {Figures.Date(one.DeclaredAt)} what it needs");
        }

        run.Say($"{report.Remote} ({report.Address}): {Figures.Count(report.Kept, "object")} {Figures.Plural(report.Kept, "is", "are")} kept.");
        if (!report.Done && (forget || report.Noted + report.Removed > 0))
        {
            run.Say($"Nothing was changed. '{again} --yes' does it, '{again} --why' says what needs each object.");
        }
        else if (report.Done && report.Noted + report.Waiting > 0)
        {
            string from = report.Objects.Where(static one => one.State is ObjectState.Noted or ObjectState.Waiting).Min(static one => one.RemovedFrom)!;
            run.Say($"'{CommandOf(new UnreachableRequest { Remote = report.Remote, Exclusive = exclusive })} --yes' removes what is noted once its days are over, from {from} on.");
        }
    }

    private static void Section(Invocation run, UnreachableReport report, string state, string what)
    {
        IReadOnlyList<ReachedObject> objects = report.Of(state);
        foreach (ReachedObject one in objects.Take(Shown))
        {
            string until = one is { State: ObjectState.Waiting, Released: true, Reasons.Count: > 0 } ? $", from {one.RemovedFrom} on until 'harvest gc --release VERSION --yes' names what was let go ({Figures.List(one.Reasons)})"
                : state == ObjectState.Waiting && one.Reasons.Count > 0 ? $" with {Figures.List(one.Reasons)}"
                : state is ObjectState.Waiting or ObjectState.Noted ? $", until {one.RemovedFrom}"
                : state is ObjectState.Proposed ? $" ({Figures.List(one.Reasons)})" : "";
            run.Say($"{Figures.ShortHash(one.Sha256)}  {one.What}, {Figures.Size(one.Bytes)}: {what}{until}");
        }

        if (objects.Count > Shown)
        {
            run.Say($"and {Figures.Count(objects.Count - Shown, "more object")}: {what}");
        }

        if (objects.Count > 1)
        {
            run.Say($"  {Figures.Count(objects.Count, "object")}, {Figures.Size(report.Bytes(state))}");
        }
    }

    private static JsonObject Shape(ReachedObject one) => new()
    {
        ["sha256"] = one.Sha256,
        ["what"] = one.What,
        ["bytes"] = one.Bytes,
        ["state"] = one.State,
        ["reasons"] = Shapes.List(one.Reasons, static reason => JsonValue.Create(reason)),
        ["quarantined_on"] = one.QuarantinedOn,
        ["noted_on"] = one.NotedOn,
        ["removed_from"] = one.RemovedFrom,
        ["released"] = one.Released,
    };
}
