using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace HarvestTools.PowerShell;

/// <summary>
/// The rules of -FilterOverride; made from a hashtable. The properties are there for PowerShell, which offers their names
/// as keys while the hashtable is typed. Whether rules exist and are in range is the engine's to say.
/// </summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names are those of harvest.json.")]
[SuppressMessage("Style", "IDE1006:Naming Styles", Justification = "The names are those of harvest.json.")]
public sealed class FilterRules
{
    private readonly Dictionary<string, object?> _rules = new(StringComparer.Ordinal);

    public FilterRules()
    {
    }

    public FilterRules(IDictionary rules)
    {
        foreach (DictionaryEntry rule in JsonValues.InOrder(rules))
        {
            _rules[rule.Key.ToString()!] = rule.Value;
        }
    }

    public object? min_pixel_agreement { get => Get(nameof(min_pixel_agreement)); set => _rules[nameof(min_pixel_agreement)] = value; }

    public object? min_frame_agreement { get => Get(nameof(min_frame_agreement)); set => _rules[nameof(min_frame_agreement)] = value; }

    public object? boundary_frames { get => Get(nameof(boundary_frames)); set => _rules[nameof(boundary_frames)] = value; }

    public object? boundary_weight { get => Get(nameof(boundary_weight)); set => _rules[nameof(boundary_weight)] = value; }

    public object? require_two_annotators { get => Get(nameof(require_two_annotators)); set => _rules[nameof(require_two_annotators)] = value; }

    public object? consensus { get => Get(nameof(consensus)); set => _rules[nameof(consensus)] = value; }

    public object? prefer_ground_truth { get => Get(nameof(prefer_ground_truth)); set => _rules[nameof(prefer_ground_truth)] = value; }

    public object? accept_untouched { get => Get(nameof(accept_untouched)); set => _rules[nameof(accept_untouched)] = value; }

    public object? interpolate_tracks { get => Get(nameof(interpolate_tracks)); set => _rules[nameof(interpolate_tracks)] = value; }

    public object? exclude { get => Get(nameof(exclude)); set => _rules[nameof(exclude)] = value; }

    /// <exception cref="HarvestException">FilterValueInvalid.</exception>
    internal JsonObject ToJson() => JsonValues.FromRules(_rules);

    private object? Get(string rule) => _rules.GetValueOrDefault(rule);
}
