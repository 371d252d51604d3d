using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The tour of the first page, run as it is written there with the exports that the demonstration makes.</summary>
public sealed partial class TourTests
{
    [Fact]
    public void The_tour_runs_from_a_new_repository_to_a_decision()
    {
        ProgramOnPath.Require("bash");
        string tour = Tour().Match(File.ReadAllText(ReadMe())).Groups[1].Value;
        string[] commands = [.. tour.Split('\n').Where(static line => line.Length > 0 && !line.StartsWith("alias ", StringComparison.Ordinal))];
        Assert.Contains(commands, static line => line.StartsWith("harvest decide", StringComparison.Ordinal));

        using var scratch = new ScratchFolder();
        scratch.Run("demo", "harvest-demo", "-q").Exits(0);

        HarvestResult played = scratch.RunWithProgram("bash", "-e", "-c", string.Join('\n', commands)).Exits(0);

        Assert.Empty(played.Error);
        Assert.Contains("Nothing was started: a person decides.", played.Out, StringComparison.Ordinal);
    }

    private static string ReadMe()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string page = Path.Combine(folder, "README.md");
            if (File.Exists(page) && Directory.Exists(Path.Combine(folder, "src")))
            {
                return page;
            }
        }

        throw new FileNotFoundException("README.md is not in a folder above the tests");
    }

    [GeneratedRegex(@"## Five minutes with `harvest`.*?```console\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Tour();
}
