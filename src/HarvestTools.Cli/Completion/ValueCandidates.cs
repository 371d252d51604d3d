using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Cli.Commands;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Completion;

/// <summary>
/// What an argument or the value of an option may be, by the word that the help uses for it. Where the repository cannot
/// be read there is nothing to offer, and no error.
/// </summary>
internal sealed class ValueCandidates(string folder)
{
    // A manifest takes up to a millisecond to read, and nobody reads more notes than these.
    private const int MostNotes = 100;

    private Repository? _repository;

    private Repository Repository => _repository ??= Repository.Find(folder);

    /// <summary>Candidates in the order in which they are shown; those that do not begin with the word are still among them.</summary>
    public (IEnumerable<Candidate> Candidates, PathKind Paths) For(Command command, Symbol symbol, string word)
    {
        string kind = symbol is Option option ? option.HelpName ?? string.Empty : symbol.Name;
        return (command, kind) switch
        {
            (NewCommand, "VERSION") when symbol is Argument => ([], PathKind.None),
            (DiffExportCommand, "REFERENCE" or "DIFFERENCE") => (Hashes(), PathKind.Files),
            (_, "VERSION" or "REFERENCE" or "DIFFERENCE") => (Versions(), PathKind.None),
            (AddCommand or ExportsCommand or SourceCommand or BlameCommand, "NAME" or "P") or (ProjectCommand or PackCommand, "PROJECT") => (Projects(), PathKind.None),
            (NewCommand, "EXPORT") when symbol.Name == "--prefer" => (Hashes().Prepend(new Candidate("newest", "the one whose labels go furthest")), PathKind.None),
            (SourceCommand, "EXPORT") => (Hashes(), PathKind.Files),
            (RestoreCommand, "EXPORT") => (Projects().Concat(Hashes()), PathKind.None),
            (NewCommand, "EXPORT") => (Projects().Concat(Hashes()), PathKind.Files),
            (NewCommand or ImpactCommand, "RULE=VALUE") => (Rules(word), PathKind.None),
            (DiffCommand or BlameCommand, "TABLE") => (Tables().Select(static table => new Candidate(table, string.Empty)), PathKind.None),
            (SourceCommand, "MODEL") => (Models(), PathKind.Files),
            (BisectCommand, "NAME") when symbol.Name == "--metric" => (Metrics(), PathKind.None),
            (ModelsCommand, "METRIC") => (Metrics(), PathKind.None),
            (SourceCommand or EraseCommand, "ID") when symbol.Name == "--annotator" => (Annotators(), PathKind.None),
            (EraseCommand, "NAME") => (Projects(), PathKind.None),
            (RegisterCommand or ModelsCommand or PromoteCommand or BisectCommand, "NAME") => (Models(), PathKind.None),
            (ParamsCommand, "FORMAT") => (new[] { "env", "pwsh", "json" }.Select(static format => new Candidate(format, string.Empty)), PathKind.None),
            (ModelsCommand, "RUN_ID") => (MlflowRuns(), PathKind.None),
            (CompletionCommand, "SHELL") => (CompletionCommand.Shells.Select(static shell => new Candidate(shell, string.Empty)), PathKind.None),
            (PushCommand or PullCommand or RemoteCommand, "REMOTE") => (Remotes(), PathKind.None),
            (_, "DIR") => ([], PathKind.Folders),
            (_, "FILE" or "PATH" or "PATH[:KEYS]") => ([], PathKind.Files),
            _ => ([], PathKind.None),
        };
    }

    private IReadOnlyList<string> Tables()
    {
        try
        {
            return TableNames.Of(Repository);
        }
        catch (HarvestException)
        {
            return TableNames.Of(null);
        }
    }

    /// <summary>The newest first: it is the one most often meant.</summary>
    private IEnumerable<Candidate> Versions()
    {
        SliceStore slices = Repository.Slices;
        foreach ((int index, string version) in slices.Versions().Reverse().Index())
        {
            yield return new Candidate(version, index < MostNotes ? NoteOf(slices, version) : string.Empty);
        }
    }

    private IEnumerable<Candidate> Remotes() => Repository.Settings.Remotes.Select(static remote => new Candidate(remote.Name, remote.Url));

    private IEnumerable<Candidate> Projects() =>
        from record in Records()
        group record by record.Project into project
        orderby project.Key
        select new Candidate(project.Key, Figures.Count(project.Count(), "export"));

    private IEnumerable<Candidate> Hashes() =>
        from record in Records()
        orderby record.AddedAt.Instant descending, record.Project, record.Sha256
        select new Candidate(Terminal.Short(record.Sha256), $"{record.Project}: {record.Path ?? record.Name}, added {Terminal.Time(record.AddedAt.Instant)}");

    private IEnumerable<ExportRecord> Records()
    {
        // An iterator: the repository is looked for when the first record is asked for, once it is known what else to offer.
        foreach (ExportRecordEntry entry in Repository.Archive.Records())
        {
            if (entry.Record is { } record)
            {
                yield return record;
            }
        }
    }

    private IEnumerable<Candidate> Models() => NewestSlices()
        .SelectMany(static slice => slice.Runs.Select(static run => run.Name).Concat(slice.ModelOutputs.Keys), static (slice, name) => new Candidate(name, slice.Version))
        .DistinctBy(static model => model.Text);

    private IEnumerable<Candidate> Metrics() => NewestSlices().SelectMany(RegisteredModels.Of)
        .SelectMany(static model => model.Metrics, static (model, metric) => (model.Version, metric.Key, metric.Value))
        .DistinctBy(static metric => metric.Key)
        .OrderBy(static metric => metric.Key, StringComparer.Ordinal)
        .Select(static metric => new Candidate(metric.Key, string.Create(CultureInfo.InvariantCulture, $"{metric.Value} in {metric.Version}")));

    private IEnumerable<Candidate> Annotators()
    {
        // An iterator: the repository is looked for when the first is asked for.
        foreach ((long id, int annotations) in KnownAnnotators.Of(Repository))
        {
            yield return new Candidate(id.ToString(CultureInfo.InvariantCulture), Figures.Count(annotations, "annotation"));
        }
    }

    private IEnumerable<Candidate> MlflowRuns() => NewestSlices().SelectMany(RegisteredModels.Of)
        .Where(static model => model.MlflowRunId is not null)
        .Select(static model => new Candidate(model.MlflowRunId!, $"{model.Version} {model.Name}"));

    private IEnumerable<SliceManifest> NewestSlices()
    {
        foreach (string version in Repository.Slices.Versions().Reverse().Take(MostNotes))
        {
            if (TryLoad(Repository.Slices, version) is { } slice)
            {
                yield return slice;
            }
        }
    }

    /// <summary>Names of rules, and behind a name the values it can have or has.</summary>
    private IEnumerable<Candidate> Rules(string word)
    {
        (JsonObject rules, string where) = RulesInForce();
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return rules.Select(rule => new Candidate($"{rule.Key}=", $"{Text(rule.Value!)} {where}"));
        }

        string name = word[..equals];
        string[] values = rules.TryGetPropertyValue(name, out JsonNode? value)
            ? value!.GetValueKind() switch
            {
                JsonValueKind.True or JsonValueKind.False => ["true", "false"],
                JsonValueKind.String => [.. Enum.GetNames<Consensus>().Select(static consensus => consensus.ToLowerInvariant())],
                _ => [Text(value)],
            }
            : [];
        return values.Select(text => new Candidate($"{name}={text}", text == Text(value!) ? where : string.Empty));
    }

    private (JsonObject Rules, string Where) RulesInForce()
    {
        try
        {
            return (Repository.Settings.Harvest.Rules.ToJson(), "in harvest.json");
        }
        catch (HarvestException)
        {
            return (HarvestRules.Default.ToJson(), "by default");
        }
    }

    private static string Text(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static string NoteOf(SliceStore slices, string version)
    {
        if (TryLoad(slices, version) is not { } slice)
        {
            return "cannot be read";
        }

        string? date = (slice.CreatedAt ?? slice.TrainedAt) is { } time ? Figures.Date(time.Instant) : null;
        return string.Join(": ", new[] { date, slice.Reason }.Where(static part => part is not null));
    }

    private static SliceManifest? TryLoad(SliceStore slices, string version)
    {
        try
        {
            return slices.Load(version);
        }
        catch (HarvestException)
        {
            return null;
        }
    }
}
