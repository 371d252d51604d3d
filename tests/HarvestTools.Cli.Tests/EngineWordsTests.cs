using System.Text.RegularExpressions;
using HarvestTools.Cli;
using HarvestTools.Cli.Commands;
using HarvestTools.Tests.Errors;

namespace HarvestTools.Tests;

/// <summary>The engine gives facts; commands are words of the front ends.</summary>
public sealed partial class EngineWordsTests
{
    [Fact]
    public void No_string_of_the_engine_names_a_command()
    {
        string[] strings = [.. CodeStrings.Of(typeof(HarvestException).Assembly.Location)];
        var command = new Regex($@"\bharvest ({string.Join('|', CommandTree.Root().Subcommands.Select(static sub => Regex.Escape(sub.Name)))})\b");

        // Strings that are there for certain: the search looks where strings are.
        Assert.Contains(strings, static text => text.Contains("harvest.json", StringComparison.Ordinal));
        Assert.DoesNotContain(strings, command.IsMatch);

        // git's own commands are the same for every front end.
        Assert.DoesNotContain(strings, static text => Option().IsMatch(OfGit().Replace(text, string.Empty)));
    }

    [Fact]
    public void The_page_of_errors_names_the_commands_of_every_remedy()
    {
        foreach (HarvestException error in ErrorFactories.Of(typeof(HarvestException).Assembly).SelectMany(ErrorFactories.Make))
        {
            string cell = ErrorPage.Rows.Single(row => row.Id == error.ErrorId && row.Section is not (ErrorPage.ProgramSection or ErrorPage.CmdletSection)).Remedy;
            Assert.All(error.Remedy.Actions.Where(static action => action is not RemedyAction.EditSetting), action =>
            {
                // The page shows the command without arguments, or with the options that matter.
                string spelled = ProgramSpelling.Instance.Spell(action);
                string shortest = action is RemedyAction.ChooseRepository ? "-C" : string.Join(' ', spelled.Split(' ').Take(2));
                Assert.True(cell.Contains($"`{shortest}", StringComparison.Ordinal), $"{error.ErrorId}: `{shortest}` in: {cell}");
            });
        }
    }

    [GeneratedRegex("'git [^']*'")]
    private static partial Regex OfGit();

    [GeneratedRegex(@"(^|[ '])(--[a-z]+|-[A-Z][a-z]+)\b")]
    private static partial Regex Option();
}
