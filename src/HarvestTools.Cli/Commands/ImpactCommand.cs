using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class ImpactCommand : HarvestCommand
{
    private readonly Argument<string[]> _versions;
    private readonly Option<string[]> _rules;

    public ImpactCommand()
        : base("impact", "Derive shipped slices under changed rules, without changing them, and show which rows would differ and which models were trained on them.")
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "The slices (default: all).", Arity = ArgumentArity.ZeroOrMore });
        _rules = With(new Option<string[]>("--set")
        {
            Description = "A rule to change, as require_two_annotators=true; repeat it for more. Default: the rules in harvest.json as they are now.",
            HelpName = "RULE=VALUE",
        });
    }

    public override void Run(Invocation run)
    {
        var slices = new JsonArray();
        run.Document["slices"] = slices;
        var without = new JsonArray();
        run.Document["not_computed"] = without;
        JsonObject rules = RuleArguments.Read(run, _rules);
        IReadOnlyList<string> versions = SliceArguments.Versions(run, _versions);
        int affected = 0;
        var notComputed = new List<string>();
        var faults = new HashSet<string>(StringComparer.Ordinal);
        run.ForEach(versions, version =>
        {
            try
            {
                foreach (SliceImpact impact in HarvestImpact.Run(run.Repository, [version], rules.Count == 0 ? null : rules, run.Context))
                {
                    affected += impact.IsAffected ? 1 : 0;
                    slices.Add((JsonNode)DriftShapes.Of(impact));
                    Say(run, impact);
                }
            }
            catch (HarvestException fault)
            {
                notComputed.Add(version);
                without.Add((JsonNode)JsonValue.Create(version));

                // What is wrong with harvest.json is so for every slice, and said once.
                if (faults.Add(fault.Message))
                {
                    throw;
                }
            }
        });
        int computed = versions.Count - notComputed.Count;
        if (versions.Count > 1 && computed > 0)
        {
            run.Say($"{Figures.Count(affected)} of {Figures.Count(computed, "slice")} would have other rows.");
        }

        if (notComputed.Count > 0)
        {
            run.Say($"Not computed: {Figures.List(notComputed)}.");
        }
    }

    private static void Say(Invocation run, SliceImpact impact)
    {
        run.Say($"{impact.Version} ({impact.HarvestVersion})  "
            + (impact.Rules.Count == 0 ? "the same rules" : impact.Rows is { Total: > 0 and var total } ? $"{Figures.Count(total, "row")} would differ"
                : impact.OtherFiles.Count > 0 ? $"{Figures.List(impact.OtherFiles)} would have other bytes, and rows that cannot be read" : "no row would differ"));
        foreach (RuleChange rule in impact.Rules)
        {
            run.Say($"  rule {rule.Name}  {rule.Reference} to {rule.Difference}");
        }

        if (!impact.IsAffected)
        {
            return;
        }

        if (impact.Rows is { } rows)
        {
            RowCountText.Write(run, rows);
        }

        if (impact.Rows?.Total > 0 && impact.OtherFiles.Count > 0)
        {
            run.Say($"  {Figures.List(impact.OtherFiles)} would have other bytes, and rows that cannot be read");
        }

        foreach (RegisteredModel model in impact.Models)
        {
            run.Say($"  model {model.Name}{(model.Path is null ? "" : $"  {model.Path}")}  was trained on it");
        }
    }
}
