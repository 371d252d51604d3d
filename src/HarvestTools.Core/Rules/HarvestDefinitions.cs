using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Rules;

/// <summary>
/// The definitions of harvest.json by name: that of <c>harvest</c>, and those of <c>definitions</c>. One of a program can follow another,
/// whose tables it reads.
/// </summary>
internal sealed class HarvestDefinitions : IEquatable<HarvestDefinitions>
{
    public const string Member = "definitions";
    private const string Harvest = "harvest";

    private readonly OrderedDictionary<string, HarvestDefinition> _all;
    private readonly string? _harvest;

    private HarvestDefinitions(OrderedDictionary<string, HarvestDefinition> all, string? harvest)
    {
        _all = all;
        _harvest = harvest;
        string[] last = [.. _all.Keys.Where(name => _all.Values.All(other => NameOf(other.Program?.After) != name))];

        // The one under "harvest" is meant where nothing else is said, unless it is but a step of another.
        Last = harvest is not null && last.Contains(harvest) ? [harvest] : last;
    }

    /// <summary>The definition of a settings file that has none.</summary>
    public static HarvestDefinitions None { get; } = Of(HarvestDefinition.Default);

    public IReadOnlyCollection<string> Names => _all.Keys;

    /// <summary>The definitions that may be meant where none is named; with more than one, one has to be.</summary>
    public IReadOnlyList<string> Last { get; }

    /// <summary>The first of <see cref="Last"/>.</summary>
    public HarvestDefinition Standard => _all[Last[0]];

    public static HarvestDefinitions Of(HarvestDefinition harvest) =>
        Parse(harvest, []);

    /// <summary>Whether harvest.json has them by name, so that another can be beside them.</summary>
    public bool AreNamed => _harvest is null ? _all.Values.First().Place != Harvest : _all.Count > 1;

    /// <summary>These with another: in the place of the only one, of one with its name, or beside those that are there by name.</summary>
    public HarvestDefinitions With(HarvestDefinition definition)
    {
        if (!AreNamed || definition.Name == _harvest)
        {
            definition = definition with { Place = Harvest };
        }
        else
        {
            definition = definition with { Place = JsonFileText.ChildPath(Member, definition.Name) };
        }

        return AreNamed
            ? new HarvestDefinitions(new OrderedDictionary<string, HarvestDefinition>(_all, StringComparer.Ordinal) { [definition.Name] = definition }, _harvest)
            : Of(definition);
    }

    /// <summary>Whether both have the same definitions under the same names.</summary>
    public bool Equals(HarvestDefinitions? other) => other is not null && _harvest == other._harvest && _all.SequenceEqual(other._all);

    public override bool Equals(object? obj) => Equals(obj as HarvestDefinitions);

    public override int GetHashCode() => _all.Count;

    /// <summary>The definition of that name, with the steps before it; null where there is none.</summary>
    public HarvestDefinition? TryFind(string name) => _all.GetValueOrDefault(name);

    /// <param name="harvest">The one under <c>harvest</c>; null where there is none.</param>
    /// <param name="json">The object under <c>definitions</c>.</param>
    /// <exception cref="HarvestException">
    /// DefinitionUnknown, DefinitionVersionDiffers, DefinitionLoop, DefinitionNameDiffers; a definition is at fault.
    /// </exception>
    public static HarvestDefinitions Parse(HarvestDefinition? harvest, JsonObject json)
    {
        var own = new OrderedDictionary<string, HarvestDefinition>(StringComparer.Ordinal);
        if (harvest is not null)
        {
            own.Add(harvest.Name, harvest);
        }

        foreach ((string name, JsonNode? value) in json)
        {
            string place = JsonFileText.ChildPath(Member, name);
            JsonObject whole = SettingValue.Object(place, value).DeepClone().AsObject();
            string called = whole["name"] is { } given ? SettingValue.Text($"{place}.name", given) : name;
            if (called != name || own.ContainsKey(name))
            {
                throw ProgramErrors.DefinitionNameDiffers(place, called);
            }

            whole["name"] = name;
            HarvestDefinition definition = HarvestDefinitionJson.ReadDefinition(whole, DerivationVersion.Current, place) with { Place = place };
            own.Add(name, definition.Program is { Content: null, Before: null } or null ? definition : throw ProgramErrors.ProgramContentGiven(place));
        }

        if (own.Count == 0)
        {
            own.Add(HarvestDefinition.Default.Name, HarvestDefinition.Default);
        }

        var linked = new OrderedDictionary<string, HarvestDefinition>(StringComparer.Ordinal);
        foreach (string name in own.Keys)
        {
            linked.Add(name, Linked(own, name, []));
        }

        return new HarvestDefinitions(linked, harvest?.Name);
    }

    /// <summary>What harvest.json holds of them.</summary>
    /// <param name="standard">In the place of <see cref="Standard"/>, which may have been changed.</param>
    public IEnumerable<KeyValuePair<string, JsonNode?>> ToJson(HarvestDefinition standard)
    {
        if (_all.Count == 1 && standard.Place == Harvest)
        {
            yield return new(Harvest, standard.ToJson());
            yield break;
        }

        if (_harvest is not null)
        {
            yield return new(Harvest, Own(_harvest).ToJson());
        }

        var rest = new JsonObject();
        foreach (string name in _all.Keys.Where(name => name != _harvest))
        {
            JsonObject json = Own(name).ToJson();
            json.Remove("name");
            rest[name] = json;
        }

        yield return new(Member, rest);

        // As the file has it: the step before by its name.
        HarvestDefinition Own(string name)
        {
            HarvestDefinition definition = standard.Name == name ? standard : _all[name];
            return definition.Program is { } program ? definition with { Program = program with { Before = null } } : definition;
        }
    }

    private static HarvestDefinition Linked(OrderedDictionary<string, HarvestDefinition> own, string name, List<string> way)
    {
        HarvestDefinition definition = own[name];
        if (definition.Program is not { After: { } after } program)
        {
            return definition;
        }

        string place = $"{definition.Place}.{HarvestProgramJson.AfterName}";
        string before = NameOf(after)!;
        if (!own.TryGetValue(before, out HarvestDefinition? found))
        {
            throw ProgramErrors.DefinitionUnknown(before, own.Keys, place);
        }

        // "regions@v1" is any version of it that begins so.
        string version = after.Length > before.Length ? after[(before.Length + 1)..] : found.Version;
        if (version != found.Version && !found.Version.StartsWith($"{version}.", StringComparison.Ordinal))
        {
            throw ProgramErrors.DefinitionVersionDiffers(place, after, found.FullVersion);
        }

        way.Add(name);
        return way.Contains(before)
            ? throw ProgramErrors.DefinitionLoop(place, [.. way, before])
            : definition with { Program = program with { Before = Linked(own, before, way) } };
    }

    private static string? NameOf(string? after) => after?.Split('@')[0];
}
