using System.Reflection;

namespace HarvestTools.Tests.Errors;

/// <summary>Every error of the engine has an id, a sentence, a remedy and a row in docs/errors.md.</summary>
public sealed class ErrorCatalogueTests
{
    private static readonly IReadOnlyList<MethodInfo> s_factories = 
    [
        .. ErrorFactories.Of(typeof(HarvestException).Assembly),
        .. ErrorFactories.Of(typeof(HarvestTools.Samples.Demo).Assembly),
    ];

    public static TheoryData<string> Factories => [.. s_factories.Select(NameOf).Distinct()];

    [Theory]
    [MemberData(nameof(Factories))]
    public void The_id_is_the_factorys_name_and_message_and_remedy_are_sentences(string factory)
    {
        foreach (HarvestException error in s_factories.Where(method => NameOf(method) == factory).SelectMany(ErrorFactories.Make))
        {
            Assert.Equal(factory.Split('.')[1], error.ErrorId);
            AssertSentence(error.Message, '.', '?');
            AssertSentence(error.Remedy.ToString(), '.');

            // An action that became text on the way, through string concatenation for example, would never be spelled.
            Assert.All(error.Remedy.Texts, static text => Assert.DoesNotContain("<", text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_page_lists_exactly_the_engines_errors()
    {
        string[] listed =
        [
            .. ErrorPage.Rows
                .Where(static row => row.Section is not (ErrorPage.ProgramSection or ErrorPage.CmdletSection))
                .Select(static row => row.Id)
                .Order(StringComparer.Ordinal),
        ];
        string[] made = [.. s_factories.Select(static factory => factory.Name).Distinct().Order(StringComparer.Ordinal)];

        Assert.NotEmpty(made);
        Assert.Empty(made.Except(listed));
        Assert.Empty(listed.Except(made));
        Assert.Equal(listed.Distinct(), listed);
    }

    [Fact]
    public void The_page_tells_each_errors_exit_code_category_and_remedy()
    {
        foreach (ErrorRow row in ErrorPage.Rows)
        {
            AssertSentence(row.When, '.');
            AssertSentence(row.Remedy, '.');
            if (s_factories.FirstOrDefault(method => method.Name == row.Id) is { } factory)
            {
                (string exit, string category) = ErrorPage.Faults[ErrorFactories.Make(factory).First().Fault.ToString()];
                Assert.Equal((row.Id, exit, ErrorPage.OwnCategories.GetValueOrDefault(row.Id, category)), (row.Id, row.Exit, row.Category));
            }
        }
    }

    private static void AssertSentence(string text, params char[] ends)
    {
        Assert.True(text.Trim() == text && text.Length > 1 && ends.Contains(text[^1]), $"no sentence: {text}");
        Assert.DoesNotContain(ErrorFactories.SystemText, text, StringComparison.Ordinal);
        Assert.False(text.EndsWith("..", StringComparison.Ordinal), text);
        Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
    }

    private static string NameOf(MethodInfo factory) => $"{factory.DeclaringType!.Name}.{factory.Name}";
}
