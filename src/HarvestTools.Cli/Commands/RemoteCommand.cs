using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class RemoteCommand : HarvestCommand
{
    private readonly Argument<string[]> _versions;
    private readonly Option<string?> _remote;
    private readonly Option<bool> _verify;
    private readonly Option<bool> _deep;
    private readonly Option<bool> _media;

    public RemoteCommand()
        : base("remote", "List the remotes; with --verify, hold what one has against what slices name, without bringing it here. Exit code 1 where something is missing or damaged.")
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "With --verify: the slices, or ranges such as v1..v3 (default: all).", Arity = ArgumentArity.ZeroOrMore });
        _remote = With(new Option<string?>("--remote") { Description = "The remote, by its name in harvest.json (default: the only one, or origin).", HelpName = "REMOTE" });
        _verify = With(new Option<bool>("--verify") { Description = "Compare presence, sizes and the checksums that the store keeps." });
        _deep = With(new Option<bool>("--deep") { Description = "With --verify: read every byte." });
        _media = With(new Option<bool>("--media") { Description = "With --verify: also the images and videos that slices list." });
    }

    public override void Run(Invocation run)
    {
        run.Warn(LocalSettingsInGit.Find(run.Repository));
        if (run.Value(_verify) || run.Value(_deep))
        {
            Verify(run);
        }
        else
        {
            List(run);
        }
    }

    private void List(Invocation run)
    {
        var remotes = new JsonArray();
        run.Document["remotes"] = remotes;
        IReadOnlyList<RemoteSettings> all = run.Repository.Settings.Remotes;
        if ((run.Value(_versions) ?? []).Length > 0)
        {
            throw CliErrors.CommandLineInvalid("Versions are named with --verify.", "For example 'harvest remote --verify v3'.");
        }

        string? meant = all.Count == 0 ? null : Meant(run);
        foreach (RemoteSettings remote in all.Where(remote => run.Value(_remote) is not { } one || remote.Name == one))
        {
            remotes.Add((JsonNode)new JsonObject { ["name"] = remote.Name, ["url"] = remote.ShownUrl, ["default"] = remote.Name == meant });
            run.Say($"{remote.Name}  {remote.ShownUrl}{(remote.Name == meant ? "  (default)" : "")}");
        }

        if (all.Count == 0)
        {
            run.Say($"There are no remotes. Set one in {HarvestSettings.FileName}, for example \"remotes\": {{ \"origin\": \"s3://bucket/prefix\" }}.");
        }
    }

    /// <summary>Null where none is meant unless it is named.</summary>
    private string? Meant(Invocation run)
    {
        try
        {
            return run.Repository.RemoteNamed(run.Value(_remote)).Name;
        }
        catch (HarvestException ambiguous) when (run.Value(_remote) is null && ambiguous.Fault == HarvestFault.Usage)
        {
            return null;
        }
    }

    private void Verify(Invocation run)
    {
        var objects = new JsonArray();
        RemoteReport report = CheckRemote.Run(run.Repository, run.Value(_versions) ?? [], run.Value(_remote), run.Value(_deep), run.Context, run.Value(_media));
        run.Document["remote"] = report.Remote;
        run.Document["address"] = report.Address;
        run.Document["versions"] = new JsonArray([.. report.Versions.Select(static version => JsonValue.Create(version))]);
        run.Document["deep"] = report.Deep;
        run.Document["whole"] = report.IsWhole;
        run.Document["remedy"] = report.Remedy.Spell(ProgramSpelling.Instance);
        run.Document["leftovers"] = report.Leftovers;
        run.Document["objects"] = objects;
        foreach (RemoteObject one in report.Objects)
        {
            objects.Add((JsonNode)new JsonObject
            {
                ["what"] = one.What,
                ["sha256"] = one.Sha256,
                ["version"] = one.Version,
                ["bytes"] = one.Bytes,
                ["state"] = one.State.ToString(),
                ["removed_at"] = one.RemovedAt is { } at ? Json.Timestamp.From(at).Text : null,
            });
            if (one.State is RemoteState.Missing or RemoteState.Damaged)
            {
                run.Say($"{one.State}  {one.Sha256}  {one.What} (slice {one.Version}){(one.RemovedAt is { } removed ? $", removed on {Figures.Date(removed)}" : "")}");
            }
        }

        run.Say(Summary(report));
        if (report.Leftovers > 0)
        {
            run.Say($"{Figures.Count(report.Leftovers, "temporary file")} of uploads {(report.Leftovers == 1 ? "is" : "are")} there too; the next push that moves something removes those older than a day.");
        }

        if (!report.IsWhole)
        {
            run.Raise(ExitCode.DriftOrDamage);
            run.Say($"  {report.Remedy.Spell(ProgramSpelling.Instance)}");
        }
    }

    private static string Summary(RemoteReport report)
    {
        var parts = new List<string>();
        foreach ((RemoteState state, string words) in new[]
        {
            (RemoteState.Verified, report.Deep ? "read and right" : "right by the store's checksum"),
            (RemoteState.Present, "there with the right size, not read"),
            (RemoteState.Missing, "missing"),
            (RemoteState.Damaged, "damaged"),
        })
        {
            if (report.Count(state) is > 0 and var count)
            {
                parts.Add($"{Figures.Count(count)} {words}");
            }
        }

        return $"{report.Remote} ({report.Address}), {Figures.Count(report.Objects.Count, "object")} of {Figures.Count(report.Versions.Count, "slice")}: {(parts.Count == 0 ? "nothing to verify" : string.Join(", ", parts))}.";
    }
}
