using HarvestTools.Rules;

namespace HarvestTools.Repositories;

/// <content>The definitions of harvest.json, of programs with the files and parameters that they have now.</content>
public sealed partial class Repository
{
    private readonly Dictionary<string, HarvestDefinition> _definitions = new(StringComparer.Ordinal);

    // Null where the definition of that name can be read: each is looked at once, however many slices ask.
    private readonly Dictionary<string, HarvestException?> _faults = new(StringComparer.Ordinal);

    /// <summary>
    /// The definition that new slices are made under: the one that was chosen, else the one of harvest.json that no other follows; of a
    /// program with the files and parameters that it has now, read once, at the first use.
    /// </summary>
    /// <exception cref="HarvestException">
    /// harvest.json is at fault; a file or parameter that the definition names cannot be read; DefinitionUnknown, DefinitionNotChosen.
    /// </exception>
    public HarvestDefinition Harvest => TryDefinition(Definition ?? OnlyLast())
        ?? throw ProgramErrors.DefinitionUnknown(Definition!, Settings.Definitions.Names);

    /// <summary>The name of the definition of harvest.json that is meant; null for the one that no other follows.</summary>
    public string? Definition { get; set; }

    /// <summary>The definition of that name in harvest.json, of a program with the files and parameters that it has now; null where there is none.</summary>
    /// <exception cref="HarvestException">harvest.json is at fault; a file or parameter that the definition names cannot be read.</exception>
    internal HarvestDefinition? TryDefinition(string name)
    {
        lock (_definitions)
        {
            if (!_definitions.TryGetValue(name, out HarvestDefinition? definition) && Settings.Definitions.TryFind(name) is { } found)
            {
                _definitions.Add(name, definition = ProgramContentReader.Resolve(Root, found));
            }

            return definition;
        }
    }

    /// <summary>
    /// Why what harvest.json has under the name of a slice's definition cannot be read as it is now; null where it can. Slices that were made
    /// before have their own files in the archive, and need none of those.
    /// </summary>
    /// <exception cref="HarvestException">harvest.json is at fault.</exception>
    internal HarvestException? PresentFault(string harvestVersion)
    {
        _ = Settings;
        string name = harvestVersion.Split('@')[0];
        lock (_definitions)
        {
            if (!_faults.TryGetValue(name, out HarvestException? fault))
            {
                try
                {
                    _ = PresentOf(harvestVersion);
                }
                catch (HarvestException found)
                {
                    fault = found;
                }

                _faults.Add(name, fault);
            }

            return fault;
        }
    }

    /// <summary>What harvest.json has under the name of a slice's definition; where that name is not there, another, which compares with no slice of it.</summary>
    internal HarvestDefinition PresentOf(string harvestVersion) => TryDefinition(harvestVersion.Split('@')[0]) ?? Settings.Harvest;

    /// <summary>The same as harvest.json declares it, without the files and parameters that a program has now.</summary>
    internal HarvestDefinition DeclaredOf(string harvestVersion) => Settings.Definitions.TryFind(harvestVersion.Split('@')[0]) ?? Settings.Harvest;

    /// <summary>The name of a definition where a command has to be given it; null where it is the one that is meant without.</summary>
    internal string? NameToSay(string name) => Settings.Definitions.Last is [var only] && only == name ? null : name;

    private string OnlyLast() => Settings.Definitions.Last is [var only] ? only : throw ProgramErrors.DefinitionNotChosen(Settings.Definitions.Last);
}
