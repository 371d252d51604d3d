using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class PromoteCommand : HarvestCommand
{
    private readonly Argument<string?> _name;
    private readonly Option<string?> _slice;
    private readonly Option<string?> _reason;

    public PromoteCommand()
        : base("promote", "Put a registered model into production, with who, when and why; without NAME, show what is in production and what was before.")
    {
        _name = With(new Argument<string?>("NAME") { Description = "The registered model.", Arity = ArgumentArity.ZeroOrOne });
        _slice = With(new Option<string?>("--slice") { Description = "The slice that it was trained on, where several have a model of that name.", HelpName = "VERSION" });
        _reason = With(new Option<string?>("--reason") { Description = "Why it goes into production; required with NAME.", HelpName = "TEXT" });
    }

    public override void Run(Invocation run)
    {
        run.Document["moved"] = null;
        run.Document["production"] = null;
        if (run.Value(_name) is { } name)
        {
            Promotion promotion = PromoteModel.Run(run.Repository, name, run.Value(_slice), run.Value(_reason) ?? string.Empty, run.Context);
            run.Document["moved"] = promotion.Moved;
            Say(run, promotion);
        }
        else if (run.Value(_slice) is not null || run.Value(_reason) is not null)
        {
            throw CliErrors.CommandLineInvalid("No model is named to go into production.", "Name it: harvest promote NAME --reason TEXT.");
        }
        else
        {
            List(run);
        }

        run.Document["production"] = Shapes.List(PromoteModel.List(run.Repository, run.Context), Shape);
    }

    private static void Say(Invocation run, Promotion promotion)
    {
        ProductionModel now = promotion.Now;
        run.Say(PlainText.OneLine($"{(promotion.Moved ? "in production" : "in production already")}  {now.Version}  {now.Name}  {Terminal.Short(now.Sha256)}"));
        if (promotion is { Moved: true, Before: { } before })
        {
            run.Say(PlainText.OneLine($"  before it  {before.Version}  {before.Name}  {Terminal.Short(before.Sha256)}"));
        }

        if (promotion.Moved)
        {
            run.Next("commit production.jsonl");
        }
    }

    private static void List(Invocation run)
    {
        TextTable table = new TextTable("model", "slice", "sha256", "since", "by", "reason").Indent(2);
        foreach (ProductionModel model in PromoteModel.List(run.Repository, run.Context))
        {
            if (model.State != ProductionState.Former)
            {
                run.Say(PlainText.OneLine($"in production  {model.Version}  {model.Name}"));
                run.Say(model.State switch
                {
                    ProductionState.Replaced => "  Its artifact was replaced after it was put there.",
                    ProductionState.Missing => "  No slice here has it.",
                    _ => string.Empty,
                });
            }

            table.Add(model.Name, model.Version, Terminal.Short(model.Sha256), $"{Terminal.Time(model.At)} UTC", model.By, model.Reason);
        }

        if (table.Empty)
        {
            run.Say("No model was put into production.");
        }
        else
        {
            run.Say(table);
        }
    }

    private static JsonObject Shape(ProductionModel model) => new()
    {
        ["name"] = model.Name,
        ["version"] = model.Version,
        ["sha256"] = model.Sha256,
        ["at"] = Timestamp.From(model.At).Text,
        ["by"] = model.By,
        ["reason"] = model.Reason,
        ["state"] = model.State,
    };
}
