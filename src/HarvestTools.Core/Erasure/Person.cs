using System.Globalization;
using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio;

namespace HarvestTools.Erasure;

/// <summary>A person as exports name them: by the id in Label Studio, and by e-mail addresses.</summary>
/// <param name="id">The id.</param>
/// <param name="emails">The addresses that exports have for it.</param>
internal sealed class Person(long id, IReadOnlyCollection<string> emails)
{
    private const string Erased = "erased";

    private readonly string _ending = string.Create(CultureInfo.InvariantCulture, $", {id}");

    /// <summary>E-mail addresses.</summary>
    public IReadOnlyCollection<string> Emails { get; } = emails;

    /// <summary>Whether a value names this person; the reader is at its first token, and after it at its last.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="member">The member whose value it is.</param>
    public bool IsNamedBy(ref Utf8JsonReader json, string member)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Number:
                return json.TryGetInt64(out long number) && number == id;
            case JsonTokenType.String:
                return IsText(JsonTextOf.Token(ref json), member);
            case JsonTokenType.StartObject:
                bool named = false;
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    string name = JsonTextOf.Token(ref json);
                    json.Read();
                    named |= (PersonMembers.IsId(name) && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long one) && one == id)
                        || (name == PersonMembers.Email && json.TokenType == JsonTokenType.String && IsEmail(JsonTextOf.Token(ref json)));
                    json.Skip();
                }

                return named;
            default:
                json.Skip();
                return false;
        }
    }

    /// <summary>Whether the object that the reader is at is this person's work: its own members say so, not those further in.</summary>
    /// <param name="json">A copy of the reader, which is moved.</param>
    public bool Made(Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonTextOf.Token(ref json);
            json.Read();
            if (!PersonMembers.IsAuthor(name))
            {
                json.Skip();
            }
            else if (IsNamedBy(ref json, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text without this person's e-mail addresses; null where it has none.</summary>
    public string? WithoutEmails(string text)
    {
        string changed = text;
        foreach (string email in Emails)
        {
            for (int at = IndexOf(changed, email, 0); at >= 0; at = IndexOf(changed, email, at + Erased.Length))
            {
                changed = string.Concat(changed.AsSpan(0, at), Erased, changed.AsSpan(at + email.Length));
            }
        }

        return changed == text ? null : changed;
    }

    /// <summary>Where an address is in a text as a whole: <c>ann@ex.org</c> is no part of <c>joann@ex.org</c>.</summary>
    private static int IndexOf(string text, string email, int from)
    {
        while (from < text.Length && text.IndexOf(email, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            int end = at + email.Length;
            bool begins = at == 0 || !IsOfAddress(text[at - 1]);

            // A point behind it ends a sentence, unless the address goes on.
            bool ends = end == text.Length || !(text[end] == '.' ? end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]) : IsOfAddress(text[end]));
            if (begins && ends)
            {
                return at;
            }

            from = at + 1;
        }

        return -1;
    }

    private static bool IsOfAddress(char one) => char.IsLetterOrDigit(one) || one is '_' or '-' or '+' or '%' or '.' or '@';

    /// <summary>An address in a display name, <c>"Ana B. ana@example.org, 7"</c>; null where it is another person's, or has none.</summary>
    public string? EmailOf(string displayName)
    {
        if (!displayName.EndsWith(_ending, StringComparison.Ordinal))
        {
            return null;
        }

        string[] words = displayName[..^_ending.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && words[^1].Contains('@', StringComparison.Ordinal) ? words[^1] : null;
    }

    private bool IsText(string text, string member) =>
        member == PersonMembers.DisplayName ? text.EndsWith(_ending, StringComparison.Ordinal) || Emails.Any(email => IndexOf(text, email, 0) >= 0) : IsEmail(text);

    private bool IsEmail(string text) => Emails.Contains(text, StringComparer.OrdinalIgnoreCase);
}
