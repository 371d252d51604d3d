using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace HarvestTools.Errors;

/// <summary>
/// What to do about an error or a finding: sentences in which commands are <see cref="RemedyAction"/>s. A front end spells
/// them in its own commands, so that no text of the engine names a command of the program or a cmdlet. Written as an
/// interpolated string: <c>$"List what is archived with {new RemedyAction.ListExports()}."</c>
/// </summary>
[InterpolatedStringHandler]
public sealed class Remedy : IEquatable<Remedy>
{
    // Texts and actions, in the order of the sentence.
    private readonly List<object> _parts;

    /// <summary>For the compiler, which makes interpolated strings with it.</summary>
    public Remedy(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _parts = new List<object>(2 * formattedCount + 1);
    }

    /// <summary>Nothing need be done.</summary>
    public static Remedy None { get; } = new(0, 0);

    /// <summary>The actions that the sentences name, in their order; the first is the one to try first.</summary>
    public IEnumerable<RemedyAction> Actions => _parts.OfType<RemedyAction>();

    /// <summary>The texts between the actions.</summary>
    internal IEnumerable<string> Texts => _parts.OfType<string>();

    /// <summary>A remedy that names no action.</summary>
    public static implicit operator Remedy(string text) => FromString(text);

    /// <summary>A remedy that names no action.</summary>
    public static Remedy FromString(string text)
    {
        var remedy = new Remedy(text.Length, 0);
        remedy.AppendLiteral(text);
        return remedy;
    }

    /// <summary>For the compiler: a text of the sentence.</summary>
    public void AppendLiteral(string value)
    {
        if (value.Length > 0)
        {
            _parts.Add(value);
        }
    }

    /// <summary>For the compiler: a value of the sentence, under the invariant culture.</summary>
    public void AppendFormatted<T>(T value)
    {
        if (value is RemedyAction action)
        {
            _parts.Add(action);
        }
        else if (value is Remedy sentences)
        {
            _parts.AddRange(sentences._parts);
        }
        else
        {
            AppendLiteral(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty);
        }
    }

    /// <summary>The sentences with the commands of a front end; empty where nothing need be done.</summary>
    public string Spell(ICommandSpelling commands)
    {
        var text = new StringBuilder();
        foreach (object part in _parts)
        {
            text.Append(part switch
            {
                RemedyAction.EditSetting edit => $"Set {edit.Key} to {edit.Value} in harvest.json",
                RemedyAction action => SetOff(commands.Spell(action)),
                _ => part,
            });
        }

        return text.ToString();
    }

    /// <summary>The command of the first action; null where there is none, or where a setting is to be edited first.</summary>
    public string? CommandOf(ICommandSpelling commands) =>
        Actions.FirstOrDefault() is { } first and not RemedyAction.EditSetting ? commands.Spell(first) : null;

    /// <summary>For logs and debuggers: actions by their names in angle brackets.</summary>
    public override string ToString() => string.Concat(_parts);

    /// <summary>Whether both have the same sentences and actions.</summary>
    public bool Equals(Remedy? other) => other is not null && _parts.SequenceEqual(other._parts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Remedy);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    // A command of one word is clear in a sentence; several words need marks around them to show where it ends.
    private static string SetOff(string command) => command.Contains(' ', StringComparison.Ordinal) ? $"'{command}'" : command;
}
