using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class PinsCommand : HarvestCommand
{
    private readonly Argument<string[]> _versions;

    public PinsCommand()
        : base("pins", "Compare what slices pin (commit, files, parameters, seeds, hardware) with what is there now. Exit code 1 where something differs.")
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "The slices (default: the newest).", Arity = ArgumentArity.ZeroOrMore });
    }

    public override void Run(Invocation run)
    {
        var pins = new JsonArray();
        run.Document["pins"] = pins;
        IReadOnlyList<string?> versions = run.Value(_versions) is { Length: > 0 } named ? named : new string?[] { null };
        run.ForEach<string?>(versions, version =>
        {
            IReadOnlyList<SlicePin> found = CheckPins.Run(run.Repository, version, run.Context);
            foreach (SlicePin pin in found)
            {
                pins.Add((JsonNode)new JsonObject
                {
                    ["version"] = pin.Version,
                    ["kind"] = pin.Kind,
                    ["name"] = pin.Name,
                    ["recorded"] = pin.Recorded,
                    ["actual"] = pin.Actual,
                    ["status"] = pin.Status,
                    ["message"] = pin.Message,
                });
            }

            if (found.Count == 0)
            {
                run.Say($"{version ?? "The newest slice"} pins nothing. \"pins\" in harvest.json says what new slices pin.");
                return;
            }

            Say(run, found);
            if (found.Any(static pin => pin.Differs))
            {
                run.Raise(ExitCode.DriftOrDamage);
            }
        });
    }

    private static void Say(Invocation run, IReadOnlyList<SlicePin> pins)
    {
        TextTable table = new TextTable("pin", "name", "recorded", "now", "").Indent(2);
        foreach (SlicePin pin in pins)
        {
            table.Add(pin.Status, pin.Name, pin.Recorded ?? "-", pin.Actual ?? "-", pin.Message ?? "");
        }

        run.Say($"slice {pins[0].Version}");
        run.Say(table);
        int differing = pins.Count(static pin => pin.Differs);
        int unknown = pins.Count(static pin => pin.Status == PinStatus.Unknown);
        run.Say($"  {(differing == 0 ? "Nothing differs" : $"{Figures.Count(differing)} of {Figures.Count(pins.Count, "pin")} {(differing == 1 ? "differs" : "differ")}")}"
            + (unknown == 0 ? "." : $"; of {Figures.Count(unknown)} it is not known."));
    }
}
