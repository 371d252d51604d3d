using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

/// <summary>What is registered of a training besides its artifact and metrics.</summary>
internal sealed class RunOptions
{
    internal const string SeedShape = "NUMBER or NAME=NUMBER";

    private readonly Option<string[]> _parameters;
    private readonly Option<string?> _sha256;
    private readonly Option<string?> _commit;
    private readonly Option<string[]> _seeds;
    private readonly Option<string?> _hardware;
    private readonly Option<string[]> _dependencies;
    private readonly Option<string?> _startedAt;

    /// <param name="command">Gets the options.</param>
    public RunOptions(Command command)
    {
        _parameters = With(new Option<string[]>("--param") { Description = "What the training was given, as lr=0.001 or optimizer=adam. Repeat it for more.", HelpName = "NAME=VALUE" });
        _sha256 = With(new Option<string?>("--sha256") { Description = "SHA-256 of an artifact that is an address; of a file it is taken by itself.", HelpName = "HASH" });
        _commit = With(new Option<string?>("--commit") { Description = "The commit of the training's code: a hash, or what git knows, such as HEAD (default: what is checked out, for a training that ends now).", HelpName = "COMMIT" });
        _seeds = With(new Option<string[]>("--seed") { Description = "A seed, as 42 or torch=42. Repeat it for more.", HelpName = "[NAME=]NUMBER" });
        _hardware = With(new Option<string?>("--hardware") { Description = "What it ran on, in words; auto reads processor, memory, graphics cards and system of this machine.", HelpName = "TEXT" });
        _dependencies = With(new Option<string[]>("--dependency") { Description = "A file of the repository that names the dependencies, such as requirements.txt; it is hashed. Repeat it for more.", HelpName = "PATH" });
        _startedAt = With(new Option<string?>("--started-at") { Description = "When the training began, as 2026-05-11T14:32:00Z.", HelpName = "TIME" });

        T With<T>(T option)
            where T : Option
        {
            command.Add(option);
            return option;
        }
    }

    /// <summary>The registration with what the command line says.</summary>
    public ModelRegistration Read(Invocation run, ModelRegistration registration) => registration with
    {
        Parameters = PairArguments.Read("--param", run.Value(_parameters) ?? [], "NAME=VALUE", "lr=0.001").ToDictionary(static pair => pair.Key, static pair => PairArguments.ToJson(pair.Value), StringComparer.Ordinal),
        Sha256 = run.Value(_sha256),
        Commit = run.Value(_commit),
        Seeds = Seeds(run.Value(_seeds) ?? []),
        Hardware = run.Value(_hardware),
        Dependencies = [.. (run.Value(_dependencies) ?? []).Select(run.Resolve)],
        StartedAt = TimeArguments.Read(run.Value(_startedAt)),
    };

    /// <summary>A seed, several of them, or seeds by name; null for none.</summary>
    internal static JsonNode? Seeds(string[] texts)
    {
        if (texts.Length == 0)
        {
            return null;
        }

        if (texts.All(static text => !text.Contains('=', StringComparison.Ordinal)))
        {
            JsonNode[] seeds = [.. texts.Select(static text => JsonValue.Create(Number(text, text)))];
            return seeds.Length == 1 ? seeds[0] : new JsonArray(seeds);
        }

        var named = new JsonObject();
        foreach ((string name, string text) in PairArguments.Read("--seed", texts, SeedShape, "torch=42"))
        {
            named[name] = Number(text, $"{name}={text}");
        }

        return named;
    }

    private static long Number(string text, string whole) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed)
        ? seed
        : throw CliErrors.PairInvalid("--seed", whole, SeedShape, "torch=42");
}
