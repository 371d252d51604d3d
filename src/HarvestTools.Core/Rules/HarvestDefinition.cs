using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Rules;

/// <summary>
/// The named, versioned derivation: what a slice's <c>harvest_version</c> stands for. Its canonical form is archived
/// under its own hash, so an old slice re-derives under its own rules however harvest.json changes later.
/// </summary>
/// <param name="Name">For example <c>harvest</c>.</param>
/// <param name="Version">For example <c>v1.4.2</c>.</param>
/// <param name="Rules">The filter rules.</param>
/// <param name="Fields">Where task_subdir, episode and frame come from.</param>
public sealed record HarvestDefinition(string Name, string Version, HarvestRules Rules, FieldMapping Fields)
{
    /// <summary>What rules that are left out are, and what all of them mean.</summary>
    public DerivationVersion Derivation { get; init; } = DerivationVersion.Current;

    /// <summary>Where harvest.json has it, for remedies: <c>harvest</c>, or <c>definitions.regions</c>.</summary>
    internal string Place { get; init; } = "harvest";

    /// <summary>The steps before it, the first one first, and then itself.</summary>
    internal IReadOnlyList<HarvestDefinition> Steps => [.. Program?.Before?.Steps ?? [], this];

    /// <summary>The team's own program that derives in place of the rules; null where the rules do.</summary>
    internal HarvestProgram? Program { get; init; }

    /// <summary>What <c>harvest init</c> writes: every rule and field at its default.</summary>
    public static HarvestDefinition Default { get; } =
        new("harvest", "v1.0.0", HarvestRules.Default, FieldMapping.Default);

    /// <summary>Name and version as manifests write it, <c>harvest@v1.4.2</c>.</summary>
    public string FullVersion => $"{Name}@{Version}";

    /// <summary>SHA-256 of <see cref="ToCanonicalBytes"/>, 64 lowercase hex digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(ToCanonicalBytes()));

    /// <summary>
    /// Reads <c>{name, version, rules, fields}</c>, rules and fields left out having their defaults, or <c>{name, version, kind, run, …}</c>
    /// of a program.
    /// </summary>
    /// <exception cref="HarvestException">A name is unknown, a value has the wrong type or is out of range.</exception>
    public static HarvestDefinition Parse(JsonObject json) => Parse(json, DerivationVersion.Current);

    /// <summary>Reads a definition that was written under a derivation version, whose defaults stand for what is left out.</summary>
    /// <exception cref="HarvestException">A name is unknown, a value has the wrong type or is out of range.</exception>
    public static HarvestDefinition Parse(JsonObject json, DerivationVersion derivation) =>
        HarvestDefinitionJson.ReadDefinition(json, derivation);

    /// <summary>Splits <c>harvest@v1.4.2</c> into its name and version.</summary>
    /// <exception cref="HarvestException">It does not have that form.</exception>
    public static (string Name, string Version) ParseFullVersion(string fullVersion) =>
        HarvestDefinitionJson.ReadFullVersion(fullVersion);

    /// <summary>Every rule and field spelt out, in fixed order.</summary>
    public JsonObject ToJson() => HarvestDefinitionJson.Write(this);

    /// <summary>
    /// Name, version and what differs from the defaults of the derivation version, as canonical JSON (RFC 8785): equal for 5
    /// and 5.0, for any order of keys, and for a default that is spelt out or left out. So a rule that a later release adds
    /// changes no hash. Of a program it has the command line, each file by its hash, and the values of its parameters.
    /// </summary>
    public byte[] ToCanonicalBytes() => CanonicalJson.Of(HarvestDefinitionJson.WriteDifferences(this), exactIntegers: Program is not null);
}
