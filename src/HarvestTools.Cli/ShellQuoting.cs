using System.Buffers;
using System.Text;

namespace HarvestTools.Cli;

/// <summary>Arguments as a user can paste them into a shell.</summary>
internal static class ShellQuoting
{
    // What no shell of a user gives a meaning of its own, wherever in a word it is.
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:+");

    /// <summary>One word for the shells that are usual on this system.</summary>
    public static string Quote(string argument) => OperatingSystem.IsWindows() ? QuoteForWindows(argument) : QuoteForPosix(argument);

    /// <summary>One word for sh, bash and zsh.</summary>
    public static string QuoteForPosix(string argument)
    {
        if (argument.Length > 0 && argument.AsSpan().IndexOfAnyExcept(s_plain) < 0)
        {
            return argument;
        }

        // Double quotes read better inside a sentence, which itself sets commands off with single ones.
        return argument.AsSpan().IndexOfAny("\"$`\\!") < 0 ? $"\"{argument}\"" : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>One word for cmd and PowerShell, by the rules of the C runtime, which the program's arguments are split by.</summary>
    public static string QuoteForWindows(string argument)
    {
        if (argument.Length > 0 && argument.Replace('\\', '/').AsSpan().IndexOfAnyExcept(s_plain) < 0)
        {
            return argument;
        }

        var quoted = new StringBuilder("\"");
        int backslashes = 0;
        foreach (char c in argument)
        {
            // Backslashes are themselves unless a quote follows them.
            if (c == '"')
            {
                quoted.Append('\\', backslashes + 1);
            }

            backslashes = c == '\\' ? backslashes + 1 : 0;
            quoted.Append(c);
        }

        return quoted.Append('\\', backslashes).Append('"').ToString();
    }
}
