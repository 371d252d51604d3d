using HarvestTools.PowerShell;

namespace HarvestTools.Tests;

public sealed class TextWrapTests
{
    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 6, "one|two|three")]
    [InlineData("one two three", 80, "one two three")]
    [InlineData("a longestword b", 5, "a|longestword|b")]
    [InlineData("one two\nthree four", 7, "one two|three|four")]
    [InlineData("  one two three", 9, "  one two|  three")]
    [InlineData("", 9, "")]
    public void Lines_break_between_words(string text, int cells, string expected) =>
        Assert.Equal(expected, TextWrap.Wrap(text, cells).Replace(Environment.NewLine, "|", StringComparison.Ordinal));

    [Fact]
    public void Lines_after_the_first_begin_with_the_prefix_and_count_it() =>
        Assert.Equal($"Gate one{Environment.NewLine}     two{Environment.NewLine}     three", TextWrap.Wrap("Gate one two three", 8, "     "));

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🎉", 2)]
    [InlineData("", 0)]
    public void Wide_characters_take_two_cells(string text, int cells) => Assert.Equal(cells, TextWrap.CellsOf(text));

    [Fact]
    public void A_host_without_a_window_gets_the_text_as_it_is() =>
        Assert.Equal(new string('a', 500) + " b", TextWrap.Fit(new string('a', 500) + " b", 10, null!));
}
