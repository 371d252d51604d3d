using System.Text.Json.Nodes;

namespace HarvestTools.Rules;

/// <summary>One rule as files have it.</summary>
/// <param name="Name">Its name, for example <c>boundary_weight</c>.</param>
/// <param name="Write">Its value among these rules, as JSON.</param>
/// <param name="Read">
/// These rules with another value of it.
/// Throws a <see cref="HarvestException"/> where the value has the wrong type or is out of range.
/// </param>
internal sealed record HarvestRule(string Name, Func<HarvestRules, JsonNode> Write, Func<HarvestRules, JsonNode?, HarvestRules> Read);
