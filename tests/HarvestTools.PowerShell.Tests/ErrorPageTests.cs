using HarvestTools.PowerShell;
using HarvestTools.Tests.Errors;

namespace HarvestTools.Tests;

/// <summary>docs/errors.md against the cmdlets: their own errors, and the category of every error.</summary>
public sealed class ErrorPageTests
{
    [Fact]
    public void The_page_lists_exactly_the_cmdlets_errors_with_their_categories()
    {
        IEnumerable<string> made = ErrorFactories.Of(CmdletContract.Assembly)
            .Select(static factory => ErrorFactories.Make(factory).First())
            .Select(static error => $"{error.ErrorId} {CategoryOf(error)}");
        IEnumerable<string> listed = ErrorPage.Rows
            .Where(static row => row.Section == ErrorPage.CmdletSection)
            .Select(static row => $"{row.Id} {row.Category}");
        Assert.Equal(made.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Messages_and_remedies_of_the_cmdlets_are_sentences()
    {
        Assert.All(ErrorFactories.Of(CmdletContract.Assembly).SelectMany(ErrorFactories.Make), static error =>
        {
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", error.Remedy.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(ErrorFactories.SystemText, error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_page_tells_the_category_of_every_kind_of_fault_and_of_the_engines_errors()
    {
        Assert.All(Enum.GetValues<HarvestFault>(), static fault =>
            Assert.Equal(CategoryOf(new HarvestException("x", fault, "x", "x")), ErrorPage.Faults[fault.ToString()].Category));
        Assert.All(ErrorFactories.Of(typeof(HarvestException).Assembly), static factory =>
        {
            HarvestException error = ErrorFactories.Make(factory).First();
            Assert.Equal(
                $"{error.ErrorId} {CategoryOf(error)}",
                ErrorPage.Rows.Where(row => row.Id == error.ErrorId && row.Section is not (ErrorPage.ProgramSection or ErrorPage.CmdletSection))
                    .Select(static row => $"{row.Id} {row.Category}").Single());
        });
    }

    [Fact]
    public void The_page_names_the_cmdlets_of_every_remedy()
    {
        foreach (HarvestException error in ErrorFactories.Of(typeof(HarvestException).Assembly).SelectMany(ErrorFactories.Make))
        {
            string cell = ErrorPage.Rows.Single(row => row.Id == error.ErrorId && row.Section is not (ErrorPage.ProgramSection or ErrorPage.CmdletSection)).Remedy;
            Assert.All(error.Remedy.Actions.Where(static action => action is not RemedyAction.EditSetting), action =>
            {
                string cmdlet = CmdletSpelling.Instance.Spell(action).Split(' ')[0];
                Assert.True(cell.Contains($"`{cmdlet}", StringComparison.Ordinal), $"{error.ErrorId}: `{cmdlet}` in: {cell}");
            });
        }
    }

    [Fact]
    public void No_string_of_the_engine_names_a_cmdlet()
    {
        string[] strings = [.. CodeStrings.Of(typeof(HarvestException).Assembly.Location)];
        Assert.Contains(strings, static text => text.Contains("harvest.json", StringComparison.Ordinal));
        Assert.All(CmdletContract.Cmdlets.Select(CmdletContract.NameOf), cmdlet =>
            Assert.DoesNotContain(strings, text => text.Contains(cmdlet, StringComparison.OrdinalIgnoreCase)));
    }

    private static string CategoryOf(HarvestException error) => ErrorRecords.CategoryOf(error).ToString();
}
