using System.Buffers;
using System.Text;

namespace HarvestTools.Dvc;

/// <summary>Command lines as a shell reads them.</summary>
internal static class ShellWords
{
    private static readonly SearchValues<char> s_meaning = SearchValues.Create("|&;<>()$`*?[]{}#~!\n\r");

    /// <summary>The words of a command that means the same without a shell; null where only a shell can run it.</summary>
    public static IReadOnlyList<string>? TrySplit(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool inWord = false;
        for (int i = 0; i < command.Length; i++)
        {
            char c = command[i];
            switch (c)
            {
                case ' ' or '\t':
                    if (inWord)
                    {
                        words.Add(word.ToString());
                        word.Clear();
                        inWord = false;
                    }

                    break;
                case '\'':
                    int end = command.IndexOf('\'', i + 1);
                    if (end < 0)
                    {
                        return null;
                    }

                    word.Append(command, i + 1, end - i - 1);
                    (i, inWord) = (end, true);
                    break;
                case '"':
                    if (TryQuoted(command, i + 1, word) is not { } close)
                    {
                        return null;
                    }

                    (i, inWord) = (close, true);
                    break;
                case '\\':
                    if (++i == command.Length || command[i] == '\n')
                    {
                        return null;
                    }

                    word.Append(command[i]);
                    inWord = true;
                    break;
                default:
                    // Before the program a '=' sets a variable.
                    if (s_meaning.Contains(c) || (c == '=' && words.Count == 0))
                    {
                        return null;
                    }

                    word.Append(c);
                    inWord = true;
                    break;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words.Count > 0 ? words : null;
    }

    /// <summary>A text as one word of a shell's command line.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Appends what is in double quotes.</summary>
    /// <returns>Where they end; null where a shell puts something else into them.</returns>
    private static int? TryQuoted(string command, int from, StringBuilder word)
    {
        for (int i = from; i < command.Length; i++)
        {
            switch (command[i])
            {
                case '"':
                    return i;
                case '$' or '`':
                    return null;
                case '\\' when i + 1 < command.Length && command[i + 1] is '"' or '\\' or '$' or '`':
                    word.Append(command[++i]);
                    break;
                case var c:
                    word.Append(c);
                    break;
            }
        }

        return null;
    }
}
