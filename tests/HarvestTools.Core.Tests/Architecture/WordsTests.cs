using System.Text.RegularExpressions;
using HarvestTools.Tests.Errors;

namespace HarvestTools.Tests.Architecture;

/// <summary>
/// Pages, help, messages and comments are in plain present-tense English: what a reader of the field searches for, and
/// nothing that a reader who learned English late stumbles over.
/// </summary>
public sealed partial class WordsTests
{
    public static TheoryData<string> Folders =>
    [
        "docs",
        "src/HarvestTools.Cli",
        "src/HarvestTools.PowerShell",
        "src/HarvestTools.Samples",
        "src/HarvestTools.Core/Decisions",
        "src/HarvestTools.Core/Reports",
        "src/HarvestTools.Core/Json",
        "src/HarvestTools.Core/Work",
        "src/HarvestTools.Core/Files",
        "src/HarvestTools.Core/History",
        "src/HarvestTools.Core/Errors",
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Pages_help_and_code_are_in_plain_words(string folder)
    {
        string[] files = [.. Checkout.Files(folder, ".md", ".cs", ".ps1", ".psm1", ".sh", ".bash", ".zsh", ".yml", ".ps1xml")];

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => Found(Checkout.RelativeTo(".", file), File.ReadAllLines(file))));
    }

    [Fact]
    public void So_is_the_first_page() => Assert.Empty(Found("README.md", File.ReadAllLines(Path.Combine(Checkout.Root, "README.md"))));

    /// <summary>Texts of the whole engine, of folders above too: every one of them may reach a user.</summary>
    [Fact]
    public void So_are_messages()
    {
        string[] texts = [.. CodeStrings.Of(typeof(HarvestException).Assembly.Location), .. CodeStrings.Of(typeof(HarvestTools.Samples.Demo).Assembly.Location)];

        // One that is there for certain: the search looks where texts are.
        Assert.Contains(texts, static text => text.Contains("harvest.json", StringComparison.Ordinal));
        Assert.Empty(Found("a text", texts));
    }

    [Theory]
    [InlineData("What stands here is told.", true)]
    [InlineData("It is to be had anew.", true)]
    [InlineData("The file lies beside it.", true)]
    [InlineData("A stand-in for a hash, a standard, an untold number of families.", false)]
    public void The_words_are_found_as_words(string text, bool found) => Assert.Equal(found, Found("text", [text]).Any());

    private static IEnumerable<string> Found(string name, IEnumerable<string> lines) =>
        lines.Select((line, i) => $"{name}, {i + 1}: {line.Trim()}").Where(static line => Words().IsMatch(line));

    [GeneratedRegex(@"\b(told|tells?|stands?(?!-in)|lies?|shall|whoever|anew|hence|lest|thereby)\b|\bto be had\b", RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
