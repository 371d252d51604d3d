using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

/// <summary>No text of a file reaches a terminal as a command, and every other text stays as it is.</summary>
public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("wrist", "wrist")]
    [InlineData("日本語 é 🙂 عربى", "日本語 é 🙂 عربى")]
    [InlineData("two\nlines\tand\r\nthree", "two\nlines\tand\r\nthree")]
    [InlineData("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m")]
    [InlineData("\u001b]0;title\u0007", "\\u001b]0;title\\u0007")]
    [InlineData("over\rwritten\r", "over\\u000dwritten\\u000d")]
    [InlineData("a\bb\u0000c\u007fd", "a\\u0008b\\u0000c\\u007fd")]
    [InlineData("\u009b31m\u0080\u009f\u00a0", "\\u009b31m\\u0080\\u009f\u00a0")]
    [InlineData("txt\u202egnp", "txt\\u202egnp")]
    [InlineData("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069", "\\u061c\\u200e\\u200f\\u202a\\u202b\\u202c\\u202d\\u2066\\u2067\\u2068\\u2069")]
    [InlineData("\u200d", "\u200d")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("hand\u200b\ufeff", "hand\\u200b\\ufeff")]
    [InlineData("\u00ad\u034f\u115f\u1160\u180e\u2060\u2064\u206a\u206f\u3164\uffa0\ufff9\ufffb", "\\u00ad\\u034f\\u115f\\u1160\\u180e\\u2060\\u2064\\u206a\\u206f\\u3164\\uffa0\\ufff9\\ufffb")]
    [InlineData("می\u200cخواهم 👩\u200d🔬 ❤\ufe0f", "می\u200cخواهم 👩\u200d🔬 ❤\ufe0f")]
    [InlineData("a\U000e0041\U000e007fb", "a\\udb40\\udc41\\udb40\\udc7fb")]
    [InlineData("葛\U000e0100\udb40", "葛\U000e0100\udb40")]
    public void What_steers_a_terminal_is_made_visible(string text, string plain)
    {
        Assert.Equal(plain, PlainText.Of(text));
        Assert.Equal(plain == text, PlainText.IsPlain(text));
        Assert.True(PlainText.IsPlain(PlainText.Of(text)));
    }

    [Fact]
    public void Every_control_character_is_one_but_for_lines_and_tabs_and_so_is_what_cannot_be_seen()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            bool control = char.IsControl((char)code) && code is not '\n' and not '\t';
            bool directionOrSeparator = code is 0x061C or 0x200E or 0x200F or (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069);
            bool invisible = code is 0xAD or 0x34F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x180E or 0x200B or (>= 0x2060 and <= 0x2064) or (>= 0x206A and <= 0x206F)
                or 0x3164 or 0xFEFF or 0xFFA0 or (>= 0xFFF9 and <= 0xFFFB);
            Assert.Equal(control || directionOrSeparator || invisible, PlainText.IsUnsafe(code));
        }

        Assert.False(PlainText.IsUnsafe(-1));
        Assert.False(PlainText.IsUnsafe(0x1F642));
        Assert.True(PlainText.IsUnsafe(0xE0041));
        Assert.False(PlainText.IsUnsafe(0xE0100));
    }

    [Fact]
    public void A_text_without_any_is_not_copied()
    {
        string text = new('x', 1000);
        Assert.Same(text, PlainText.Of(text));
        Assert.Same(text, PlainText.OneLine(text));
    }

    [Theory]
    [InlineData("one line", "one line")]
    [InlineData("two\nlines\r\nand three", "two\n      lines\r\n      and three")]
    [InlineData("\u001b[2J\nx", "\\u001b[2J\n      x")]
    public void A_line_but_the_first_is_set_in_where_text_hangs(string text, string hanging) => Assert.Equal(hanging, PlainText.Hanging(text));

    [Theory]
    [InlineData("two\nlines", "two lines")]
    [InlineData("two\r\nlines\tand", "two  lines and")]
    [InlineData("\u001b[2J\nx", "\\u001b[2J x")]
    public void A_line_of_a_table_has_no_breaks(string text, string line) => Assert.Equal(line, PlainText.OneLine(text));
}
