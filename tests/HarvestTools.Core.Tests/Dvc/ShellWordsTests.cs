using HarvestTools.Dvc;

namespace HarvestTools.Tests.Dvc;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("python3 rows.py  a.json", "python3|rows.py|a.json")]
    [InlineData("python3 'my rows.py' \"a b\"c", "python3|my rows.py|a bc")]
    [InlineData("""p "say \"it\"" '' a\ b""", """p|say "it"||a b""")]
    [InlineData("p --out=x", "p|--out=x")]
    public void A_plain_command_is_its_words(string command, string words) => Assert.Equal(words.Split('|'), ShellWords.TrySplit(command));

    [Theory]
    [InlineData("a | b")]
    [InlineData("a && b")]
    [InlineData("a > b")]
    [InlineData("a *.json")]
    [InlineData("a $HOME")]
    [InlineData("a \"$HOME\"")]
    [InlineData("a `b`")]
    [InlineData("A=1 b")]
    [InlineData("a\nb")]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    [InlineData("a ~/b")]
    [InlineData("a {b,c}")]
    public void What_only_a_shell_can_run_is_none(string command) => Assert.Null(ShellWords.TrySplit(command));

    [Fact]
    public void A_quoted_text_is_one_word_again() => Assert.Equal(["it's $x"], ShellWords.TrySplit(ShellWords.Quote("it's $x")));
}
