using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>What harvest.json says of one project: records of exports never change, so that a name or an end is a setting.</summary>
public sealed record ProjectSettings
{
    /// <summary>Names that its exports were archived under before it was renamed.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Further ids of the same project in Label Studio, for example on the server that it was moved to.</summary>
    public IReadOnlyList<long> LabelStudioIds { get; init; } = [];

    /// <summary>True where it is kept, but a slice has it only when it is named.</summary>
    public bool Retired { get; init; }

    /// <summary>Nothing to say of any project; one object, so that settings without projects are equal.</summary>
    internal static IReadOnlyDictionary<string, ProjectSettings> NoProjects { get; } = new OrderedDictionary<string, ProjectSettings>();

    /// <summary>True where the settings say nothing.</summary>
    internal bool IsEmpty => Names.Count == 0 && LabelStudioIds.Count == 0 && !Retired;

    internal static IReadOnlyDictionary<string, ProjectSettings> Parse(ObjectReader? projects)
    {
        var all = new OrderedDictionary<string, ProjectSettings>(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] known = [.. projects?.Rest()?.Select(static pair => pair.Key) ?? []];
        foreach (string project in known)
        {
            if (SliceNames.WhyNotProject(project) is { } why)
            {
                throw projects!.Invalid(project, $"cannot name a project: {why}", "Use letters, digits, '.', '_' and '-'.");
            }

            ObjectReader? reader = projects!.Object(project);
            var settings = new ProjectSettings
            {
                Names = reader?.TextList("names") ?? [],
                LabelStudioIds = reader?.IntegerList("label_studio_ids") ?? [],
                Retired = reader?.Flag("retired") ?? false,
            };
            reader?.RefuseRest("names", "label_studio_ids", "retired");
            foreach (string name in settings.Names)
            {
                if (known.Contains(name, StringComparer.Ordinal) || !names.TryAdd(name, project))
                {
                    throw reader!.Invalid("names", $"has {name}, which {(names.TryGetValue(name, out string? other) ? $"{other} has too" : "is a project of its own")}", "Leave it in one place.");
                }
            }

            all.Add(project, settings);
        }

        return all.Count == 0 ? NoProjects : all;
    }

    internal static JsonObject ToJson(IReadOnlyDictionary<string, ProjectSettings> projects)
    {
        var json = new JsonObject();
        foreach ((string project, ProjectSettings settings) in projects)
        {
            var entry = new JsonObject();
            if (settings.Names.Count > 0)
            {
                entry["names"] = new JsonArray([.. settings.Names.Select(static name => JsonValue.Create(name))]);
            }

            if (settings.LabelStudioIds.Count > 0)
            {
                entry["label_studio_ids"] = new JsonArray([.. settings.LabelStudioIds.Select(static id => JsonValue.Create(id))]);
            }

            if (settings.Retired)
            {
                entry["retired"] = true;
            }

            json[project] = entry;
        }

        return json;
    }
}

/// <summary>The names that projects have now, by those that their exports were archived under.</summary>
internal sealed class ProjectNames(IReadOnlyDictionary<string, ProjectSettings> projects)
{
    private readonly Dictionary<string, string> _current = projects
        .SelectMany(static project => project.Value.Names.Select(name => (Name: name, Project: project.Key)))
        .ToDictionary(static pair => pair.Name, static pair => pair.Project, StringComparer.Ordinal);

    public static ProjectNames None { get; } = new(new Dictionary<string, ProjectSettings>());

    /// <summary>The project's present name; a name that nothing says anything of is itself one.</summary>
    public string Current(string name) => _current.GetValueOrDefault(name, name);

    public bool IsRetired(string project) => projects.TryGetValue(project, out ProjectSettings? settings) && settings.Retired;

    /// <summary>Further ids of the project in Label Studio that the settings give.</summary>
    public IReadOnlyList<long> LabelStudioIds(string project) =>
        projects.TryGetValue(project, out ProjectSettings? settings) ? settings.LabelStudioIds : [];
}
