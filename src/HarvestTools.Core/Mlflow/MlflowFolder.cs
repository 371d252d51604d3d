using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HarvestTools.Files;
using HarvestTools.Parameters;
using HarvestTools.Work;

namespace HarvestTools.Mlflow;

/// <summary>
/// The folders of a <c>file:</c> store: an experiment a folder, a run a folder in it, a file a parameter, tag and metric. Each file is put
/// there whole, and a run's <c>meta.yaml</c> last: before that MLflow sees no run.
/// </summary>
internal sealed partial class MlflowFolder(MlflowPlace place, WorkContext context) : IMlflowStore
{
    private const string Meta = "meta.yaml";
    private const string DefaultExperiment = "0";
    private const int Finished = 3;
    private const int LocalSource = 4;

    private static readonly string[] s_noExperiments = [".trash", "models"];
    private static readonly string[] s_noRuns = ["tags", "datasets", "traces", "models"];
    private static readonly EnumerationOptions s_below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private string Root => place.Folder!;

    public void Dispose()
    {
        // Nothing is kept open.
    }

    public MlflowRun Get(string runId) => RunName().IsMatch(runId)
        && Experiments().Select(experiment => Path.Combine(experiment, runId)).FirstOrDefault(static folder => File.Exists(Path.Combine(folder, Meta))) is { } found
            ? Read(found) : throw MlflowErrors.MlflowRunUnknown(place.Shown, runId);

    public MlflowRun? Find(IReadOnlyDictionary<string, string> tags)
    {
        string experiment = ExperimentFolder(make: false);
        return !Directory.Exists(experiment) ? null : Runs(experiment)
            .Where(folder => tags.All(tag => TryText(Path.Combine(folder, "tags", tag.Key)) == tag.Value))
            .Select(Read)
            .Where(static run => !run.Deleted)
            .MaxBy(static run => run.StartedAt ?? DateTimeOffset.MinValue);
    }

    public MlflowRun Create(string name, DateTimeOffset? startedAt, DateTimeOffset endedAt, IReadOnlyDictionary<string, string> tags)
    {
        string experiment = ExperimentFolder(make: true);
        string id = Guid.NewGuid().ToString("N");
        string folder = Path.Combine(experiment, id);
        foreach (string part in new[] { "artifacts", "metrics", "params", "tags" })
        {
            DurableFolder.Ensure(Path.Combine(folder, part));
        }

        foreach ((string key, string value) in tags.Append(new("mlflow.runName", name)))
        {
            WriteText(Path.Combine(folder, "tags", key), value);
        }

        WriteYaml(Path.Combine(folder, Meta), new JsonObject
        {
            ["artifact_uri"] = new Uri(Path.Combine(folder, "artifacts")).AbsoluteUri,
            ["end_time"] = endedAt.ToUnixTimeMilliseconds(),
            ["entry_point_name"] = "",
            ["experiment_id"] = Path.GetFileName(experiment),
            ["lifecycle_stage"] = "active",
            ["run_id"] = id,
            ["run_name"] = name,
            ["run_uuid"] = id,
            ["source_name"] = "",
            ["source_type"] = LocalSource,
            ["source_version"] = "",
            ["start_time"] = (startedAt ?? endedAt).ToUnixTimeMilliseconds(),
            ["status"] = Finished,
            ["tags"] = new JsonArray(),
            ["user_id"] = "",
        });
        return Read(folder);
    }

    public void Log(MlflowRun run, IReadOnlyDictionary<string, string> parameters, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, string> tags)
    {
        string folder = FolderOf(run);
        foreach ((string name, string value) in parameters.Where(one => !run.Parameters.ContainsKey(one.Key)))
        {
            WriteText(Path.Combine(folder, "params", Checked(name)), value);
        }

        long now = (run.EndedAt ?? context.Clock.GetUtcNow()).ToUnixTimeMilliseconds();
        foreach ((string name, double value) in metrics.Where(one => !run.Metrics.ContainsKey(one.Key)))
        {
            WriteText(Path.Combine(folder, "metrics", Checked(name)), string.Create(CultureInfo.InvariantCulture, $"{now} {value:R} 0\n"));
        }

        foreach ((string name, string value) in tags.Where(one => run.Tags.GetValueOrDefault(one.Key) != one.Value))
        {
            WriteText(Path.Combine(folder, "tags", Checked(name)), value);
        }
    }

    public void LogInput(MlflowRun run, MlflowDataset dataset)
    {
        if (run.Inputs.Contains((dataset.Name, dataset.Digest)))
        {
            return;
        }

        string folder = FolderOf(run);
        string id = Digest(dataset.Name + dataset.Digest);

        // The data set before what refers to it.
        string meta = Path.Combine(Path.GetDirectoryName(folder)!, "datasets", id, Meta);
        if (!File.Exists(meta))
        {
            WriteYaml(meta, new JsonObject
            {
                ["digest"] = dataset.Digest,
                ["name"] = dataset.Name,
                ["profile"] = dataset.Profile,
                ["schema"] = dataset.Schema,
                ["source"] = dataset.Source,
                ["source_type"] = dataset.SourceType,
            });
        }

        // MLflow's own client writes the data set's id as that of the destination too.
        WriteYaml(Path.Combine(folder, "inputs", Digest(id + run.Id), Meta), new JsonObject
        {
            ["destination_id"] = id,
            ["destination_type"] = "RUN",
            ["source_id"] = id,
            ["source_type"] = "DATASET",
            ["tags"] = new JsonObject { [MlflowDataset.ContextTag] = "training" },
        });
    }

    public string HashArtifact(MlflowRun run, string path)
    {
        string full = PlaceOf(run, path);
        return FileHash.Compute(full, context.Bytes("Hashing", path, new FileInfo(full).Length), context.Cancellation);
    }

    public string? LinkOf(MlflowRun run) => null;

    public string PlaceOf(MlflowRun run, string path)
    {
        string artifacts = Path.Combine(FolderOf(run), "artifacts");
        if (run.ArtifactUri is { } text && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri))
        {
            artifacts = !uri.IsFile ? throw MlflowErrors.MlflowArtifactElsewhere(run.Id, uri.Scheme) : Directory.Exists(uri.LocalPath) ? uri.LocalPath : artifacts;
        }

        string full = RepositoryPath.Resolve(artifacts, path);
        return File.Exists(full) ? full
            : throw MlflowErrors.MlflowArtifactUnknown(run.Id, path, !Directory.Exists(artifacts) ? []
                : [.. Directory.EnumerateFiles(artifacts, "*", s_below).Take(100).Select(file => Path.GetRelativePath(artifacts, file).Replace('\\', '/')).Order(StringComparer.Ordinal)]);
    }

    private IEnumerable<string> Experiments() => !Directory.Exists(Root) ? [] : Directory.EnumerateDirectories(Root).Where(static folder => !s_noExperiments.Contains(Path.GetFileName(folder)));

    private static IEnumerable<string> Runs(string experiment) => Directory.EnumerateDirectories(experiment)
        .Where(static folder => !s_noRuns.Contains(Path.GetFileName(folder)) && File.Exists(Path.Combine(folder, Meta)));

    /// <summary>The folder of the experiment of new runs; MLflow's own default is made where there is no store yet.</summary>
    private string ExperimentFolder(bool make)
    {
        if (place.ExperimentId is null && place.ExperimentName is { } name)
        {
            return Experiments().FirstOrDefault(folder => File.Exists(Path.Combine(folder, Meta)) && Text(Yaml(Path.Combine(folder, Meta)), "name") == name)
                ?? throw MlflowErrors.MlflowExperimentUnknown(place.Shown, name);
        }

        string id = place.ExperimentId ?? DefaultExperiment;
        string experiment = RunName().IsMatch(id) ? Path.Combine(Root, id) : throw MlflowErrors.MlflowExperimentUnknown(place.Shown, id);
        if (File.Exists(Path.Combine(experiment, Meta)) || (id == DefaultExperiment && !make))
        {
            return experiment;
        }

        if (id != DefaultExperiment)
        {
            throw MlflowErrors.MlflowExperimentUnknown(place.Shown, id);
        }

        long now = context.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        WriteYaml(Path.Combine(experiment, Meta), new JsonObject
        {
            ["artifact_location"] = new Uri(experiment).AbsoluteUri,
            ["creation_time"] = now,
            ["experiment_id"] = DefaultExperiment,
            ["last_update_time"] = now,
            ["lifecycle_stage"] = "active",
            ["name"] = "Default",
        });
        return experiment;
    }

    private string FolderOf(MlflowRun run) => Path.Combine(Root, run.ExperimentId, run.Id);

    private MlflowRun Read(string folder)
    {
        JsonObject meta = Yaml(Path.Combine(folder, Meta));
        return new MlflowRun
        {
            // By their folders: an id of digits is a number to some writers.
            Id = Path.GetFileName(folder),
            ExperimentId = Path.GetFileName(Path.GetDirectoryName(folder)!),
            Deleted = Text(meta, "lifecycle_stage") == "deleted",
            StartedAt = Time(meta["start_time"]),
            EndedAt = Time(meta["end_time"]),
            ArtifactUri = Text(meta, "artifact_uri"),
            Parameters = Texts(Path.Combine(folder, "params")),
            Tags = Texts(Path.Combine(folder, "tags")),
            Metrics = Metrics(Path.Combine(folder, "metrics")),
            Inputs = [.. Inputs(folder)],
        };
    }

    private static IEnumerable<(string Name, string Digest)> Inputs(string folder)
    {
        string inputs = Path.Combine(folder, "inputs");
        foreach (string input in Directory.Exists(inputs) ? Directory.EnumerateDirectories(inputs) : [])
        {
            string meta = Path.Combine(input, Meta);
            string? source = File.Exists(meta) ? Text(Yaml(meta), "source_id") : null;
            string set = Path.Combine(Path.GetDirectoryName(folder)!, "datasets", source ?? "", Meta);
            if (source is not null && RunName().IsMatch(source) && File.Exists(set))
            {
                JsonObject dataset = Yaml(set);
                yield return (Text(dataset, "name") ?? "", Text(dataset, "digest") ?? "");
            }
        }
    }

    private OrderedDictionary<string, string> Texts(string folder)
    {
        var texts = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string path) in Files(folder))
        {
            texts[name] = place.Clean(TryText(path) ?? string.Empty);
        }

        return texts;
    }

    private static OrderedDictionary<string, double> Metrics(string folder)
    {
        var metrics = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach ((string name, string path) in Files(folder))
        {
            (long Step, long Time, double Value)? last = (TryText(path) ?? string.Empty).Split('\n').Select(Line).Where(static line => line is not null).Max();
            if (last is { } found && double.IsFinite(found.Value))
            {
                metrics[name] = found.Value;
            }
        }

        return metrics;
    }

    /// <summary>The time, the value and, but in old stores, the step.</summary>
    private static (long Step, long Time, double Value)? Line(string line)
    {
        string[] parts = line.Trim().Split(' ');
        long step = 0;
        return parts.Length is 2 or 3
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long time)
            && (parts.Length == 2 || long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out step))
            ? (step, time, double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)
            : null;
    }

    private static IEnumerable<(string Name, string Path)> Files(string folder) => !Directory.Exists(folder) ? []
        : Directory.EnumerateFiles(folder, "*", s_below)
            .Where(static path => !PendingFile.IsOwn(Path.GetFileName(path)))
            .Select(path => (Path.GetRelativePath(folder, path).Replace('\\', '/'), path))
            .OrderBy(static file => file.Item1, StringComparer.Ordinal);

    private static string? TryText(string path) => File.Exists(path) ? Encoding.UTF8.GetString(AtomicFile.ReadAllBytes(path)) : null;

    private static JsonObject Yaml(string path) => YamlReader.Read(TryText(path) ?? string.Empty, path) as JsonObject ?? [];

    private string Checked(string name) => EntryName().IsMatch(name) && name.Split('/').All(static part => part.Trim('.').Length > 0)
        ? name.Replace('/', Path.DirectorySeparatorChar)
        : throw MlflowErrors.MlflowRefused(place.Shown, "writing the run", $"'{Strings.PlainText.OneLine(name)}' is no name that a file: store can have");

    private static void WriteText(string path, string text)
    {
        DurableFolder.Ensure(Path.GetDirectoryName(path)!);
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>JSON's texts and numbers are YAML's.</summary>
    private static void WriteYaml(string path, JsonObject values) =>
        WriteText(path, string.Concat(values.Select(static pair => $"{pair.Key}: {pair.Value?.ToJsonString() ?? "null"}\n")));

    // A number without quotes keeps its digits.
    private static string? Text(JsonObject json, string name) => json[name] is not JsonValue value ? null : value.TryGetValue(out string? text) ? text : value.ToJsonString();

    private static DateTimeOffset? Time(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out long time) && time is > 0 and < 253_402_300_800_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

#pragma warning disable CA5351 // MLflow names its folders so; nothing is protected by it.
    private static string Digest(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]{0,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RunName();

    // Windows has no colon and no space at the end.
    [GeneratedRegex(@"^[\w\-. /]{1,250}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EntryName();
}
