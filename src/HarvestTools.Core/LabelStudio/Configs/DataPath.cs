using System.Globalization;
using System.Text;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>
/// The place in a task's data that an attribute such as <c>value="$pages[{{idx}}].url"</c> names. Read as Label Studio's editor
/// reads it (parseValue, over lodash's get): the whole value is a dollar sign followed by ASCII letters, digits and <c>_ [ ] . { }</c>;
/// dots and brackets divide the steps, and a step of digits is a position where the data has a list. A value with other text
/// around the variable shows composed text, not a medium, and has no place.
/// </summary>
internal sealed class DataPath
{
    private readonly NameTemplate[] _steps;
    private readonly NameTemplate _literal;
    private readonly bool _isList;

    private DataPath(NameTemplate[] steps, NameTemplate literal, bool isList)
    {
        _steps = steps;
        _literal = literal;
        _isList = isList;
    }

    /// <summary>Null where the value does not name a place in the data.</summary>
    /// <param name="value">The attribute's value.</param>
    /// <param name="flags">Placeholders of the Repeaters around it, from the outermost inwards.</param>
    /// <param name="isList">Whether it is given as a list of media (<c>valueList</c>).</param>
    public static DataPath? TryParse(string value, IReadOnlyList<string> flags, bool isList)
    {
        if (!value.StartsWith('$'))
        {
            return null;
        }

        // The editor replaces placeholders before it looks for the variable, so they may have any characters.
        string path = value[1..];
        string replaced = flags.Aggregate(path, static (text, flag) => text.Replace(flag, "0", StringComparison.Ordinal));
        if (replaced.Length == 0 || !replaced.All(IsPathCharacter))
        {
            return null;
        }

        List<string> steps = Split(path, flags);
        return steps.Count == 0
            ? null
            : new DataPath([.. steps.Select(step => NameTemplate.Parse(step, flags))], NameTemplate.Parse(path, flags), isList);
    }

    /// <summary>The place for these positions; null where one that it needs is not known.</summary>
    public LabelConfigSource? TryFill(in RepeatIndices indices)
    {
        if (_literal.TryFill(indices) is not { } literal)
        {
            return null;
        }

        var steps = new LabelConfigStep[_steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            byte[] key = _steps[i].TryFill(indices)!;
            steps[i] = new LabelConfigStep(key, PositionOf(key));
        }

        return new LabelConfigSource(steps, literal, _isList);
    }

    private static List<string> Split(string path, IReadOnlyList<string> flags)
    {
        var steps = new List<string>();
        var step = new StringBuilder();
        for (int at = 0; at < path.Length;)
        {
            // A placeholder is replaced by digits before the path is divided, whatever characters it has.
            string? flag = flags.FirstOrDefault(flag => string.CompareOrdinal(path, at, flag, 0, flag.Length) == 0);
            if (flag is null && path[at] is '.' or '[' or ']')
            {
                End();
                at++;
                continue;
            }

            step.Append(flag ?? path[at].ToString());
            at += flag?.Length ?? 1;
        }

        End();
        return steps;

        void End()
        {
            if (step.Length > 0)
            {
                steps.Add(step.ToString());
                step.Clear();
            }
        }
    }

    private static int PositionOf(byte[] key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int position) && (key.Length == 1 || key[0] != '0') ? position : -1;

    private static bool IsPathCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '[' or ']' or '.' or '{' or '}';
}
