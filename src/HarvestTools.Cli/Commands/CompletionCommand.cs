using System.CommandLine;
using System.Text;
using HarvestTools.Cli.Output;

namespace HarvestTools.Cli.Commands;

internal sealed class CompletionCommand : HarvestCommand
{
    public static readonly string[] Shells = ["bash", "pwsh", "zsh"];

    private readonly Argument<string> _shell;

    public CompletionCommand()
        : base("completion", "Print a script that teaches a shell to complete commands, options, slices, projects and exports.")
    {
        _shell = With(new Argument<string>("SHELL") { Description = "bash, pwsh or zsh. The script's first lines say how to load it." });
    }

    public override void Run(Invocation run)
    {
        run.Document["shell"] = null;
        run.Document["script"] = null;
        string shell = run.Value(_shell)!;
        if (!Shells.Contains(shell))
        {
            string near = NearestName.Near(shell, Shells) is { } name ? $" Did you mean '{name}'?" : string.Empty;
            throw CliErrors.CommandLineInvalid($"There is no completion for '{shell}'.{near}", "Name one of bash, pwsh and zsh.");
        }

        string script = Script(shell);
        run.Document["shell"] = shell;
        run.Document["script"] = script;
        if (run.Text)
        {
            // So that the script is the same whatever the console's encoding.
            StandardStreams.WriteUtf8(script);
        }
    }

    /// <summary>A shell takes no carriage return, which a checkout on Windows may have put in.</summary>
    private static string Script(string shell)
    {
        using Stream stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{shell}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
