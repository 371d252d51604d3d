using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Rules;

/// <summary>
/// Whose work and which episodes give no rows: the rule <c>exclude</c>. Ids and names are sorted and without repeats, so that the
/// order in which they are written is no difference.
/// </summary>
public sealed class Exclusion : IEquatable<Exclusion>
{
    private const string AnnotatorsName = "annotators";
    private const string EpisodesName = "episodes";

    private readonly HashSet<long> _annotators;
    private readonly HashSet<string> _episodes;

    /// <param name="annotators">Ids of people in Label Studio.</param>
    /// <param name="episodes">Episodes, or <c>task_subdir/episode</c>.</param>
    public Exclusion(IEnumerable<long> annotators, IEnumerable<string> episodes)
    {
        _annotators = [.. annotators];
        _episodes = new HashSet<string>(episodes, StringComparer.Ordinal);
        Annotators = [.. _annotators.Order()];
        Episodes = [.. _episodes.Order(StringComparer.Ordinal)];
    }

    /// <summary>Nobody and nothing.</summary>
    public static Exclusion None { get; } = new([], []);

    /// <summary>Ids of the people whose annotations give no rows, ascending.</summary>
    public IReadOnlyList<long> Annotators { get; }

    /// <summary>Episodes that give no rows, by their names or by <c>task_subdir/episode</c>, sorted.</summary>
    public IReadOnlyList<string> Episodes { get; }

    /// <summary>Whether an annotator's work is left out.</summary>
    public bool HasAnnotator(long? annotator) => annotator is { } id && _annotators.Contains(id);

    /// <summary>Whether an episode is left out.</summary>
    public bool HasEpisode(string taskSubdir, string episode) =>
        _episodes.Count > 0 && (_episodes.Contains(episode) || _episodes.Contains($"{taskSubdir}/{episode}"));

    /// <summary>Equal where the same people and episodes are left out.</summary>
    public bool Equals(Exclusion? other) => other is not null && Annotators.SequenceEqual(other.Annotators) && Episodes.SequenceEqual(other.Episodes, StringComparer.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Exclusion);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (long annotator in Annotators)
        {
            hash.Add(annotator);
        }

        foreach (string episode in Episodes)
        {
            hash.Add(episode, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    internal static Exclusion Read(string rule, JsonNode? value)
    {
        JsonObject json = SettingValue.Object(rule, value, "an object with annotators and episodes, for example {\"annotators\":[7]}");
        foreach ((string name, _) in json)
        {
            if (name is not (AnnotatorsName or EpisodesName))
            {
                throw JsonDocumentErrors.UnknownKey($"{rule}.{name}", NearestName.Near(name, [AnnotatorsName, EpisodesName]), [AnnotatorsName, EpisodesName]);
            }
        }

        return new Exclusion(
            Items($"{rule}.{AnnotatorsName}", json[AnnotatorsName], "a list of ids, for example [7, 12]", static item =>
                item?.GetValueKind() == JsonValueKind.Number && long.TryParse(item.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id) ? id : null),
            Items<string>($"{rule}.{EpisodesName}", json[EpisodesName], "a list of episodes, for example [\"episode_7\", \"fold_towel/episode_9\"]", static item =>
                item?.GetValueKind() == JsonValueKind.String && item.GetValue<string>() is { Length: > 0 } name ? name : null));
    }

    internal JsonObject ToJson() => new()
    {
        [AnnotatorsName] = new JsonArray([.. Annotators.Select(static id => JsonValue.Create(id))]),
        [EpisodesName] = new JsonArray([.. Episodes.Select(static name => JsonValue.Create(name))]),
    };

    private static List<long> Items(string name, JsonNode? value, string allowed, Func<JsonNode?, long?> read) =>
        [.. List(name, value, allowed).Select(item => read(item) ?? throw SettingValue.Invalid(name, value, allowed))];

    private static List<T> Items<T>(string name, JsonNode? value, string allowed, Func<JsonNode?, T?> read)
        where T : class => [.. List(name, value, allowed).Select(item => read(item) ?? throw SettingValue.Invalid(name, value, allowed))];

    private static JsonArray List(string name, JsonNode? value, string allowed) =>
        value is null ? [] : value as JsonArray ?? throw SettingValue.Invalid(name, value, allowed);
}
