using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Rules;

namespace HarvestTools.Cli.Arguments;

/// <summary>Filter rules on the command line, <c>--set RULE=VALUE</c>.</summary>
internal static class RuleArguments
{
    public static JsonObject Read(Invocation run, Option<string[]> option)
    {
        var rules = new JsonObject();
        foreach ((string rule, string value) in PairArguments.Read("--set", run.Value(option) ?? [], "RULE=VALUE", "min_pixel_agreement=8"))
        {
            rules[rule] = ToObject(value) ?? PairArguments.ToJson(value);
        }

        Check(run, rules);
        return rules;
    }

    /// <summary>The value of a rule with parts, in braces; null for another.</summary>
    private static JsonObject? ToObject(string value)
    {
        try
        {
            return value.StartsWith('{') ? JsonNode.Parse(value) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A wrong rule is a fault of the settings file elsewhere; here it is one of the command line.</summary>
    private static void Check(Invocation run, JsonObject rules)
    {
        HarvestRules current = run.Repository.Settings.Harvest.Rules;
        try
        {
            _ = current.With(rules);
        }
        catch (HarvestException fault)
        {
            throw CliErrors.AsUsage(fault);
        }
    }
}
