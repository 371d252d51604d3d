using System.Buffers;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Looks at the names of an object's members alone, from value to value: the first element of every export is looked at, and nearly
/// all of them are tasks.
/// </summary>
internal static class JsonNames
{
    // As many as JsonHead reads.
    private const int MostMembers = 1000;

    private static readonly SearchValues<byte> s_endsText = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> s_plain = SearchValues.Create("+-.0123456789Eaeflnrstu"u8);

    /// <summary>
    /// Whether an object has members of a task, so that <see cref="InputSniffer"/> has nothing to say of it. False also where that does
    /// not show at a glance, as of names with escapes.
    /// </summary>
    /// <param name="json">From the opening brace; may end anywhere.</param>
    public static bool HasTask(ReadOnlySpan<byte> json)
    {
        bool any = false;
        ReadOnlySpan<byte> rest = json[1..];
        for (int members = 0; members < MostMembers; members++)
        {
            rest = rest.TrimStart(" \r\n\t"u8);
            int end = rest.StartsWith("\""u8) ? rest[1..].IndexOfAny(s_endsText) + 1 : 0;
            if (end <= 0 || rest[end] != (byte)'"')
            {
                return false;
            }

            ReadOnlySpan<byte> name = rest[1..end];
            rest = rest[(end + 1)..].TrimStart(" \r\n\t"u8);
            if (!rest.StartsWith(":"u8))
            {
                return false;
            }

            rest = rest[1..].TrimStart(" \r\n\t"u8);
            if (rest.IsEmpty || name.SequenceEqual("images"u8))
            {
                // Images and annotations are what COCO has.
                return false;
            }

            TaskMember member = Members.OfTask(name);
            if (member == TaskMember.Data)
            {
                return true;
            }

            any |= member is TaskMember.Annotations or TaskMember.Completions;
            int length = LengthOf(rest);
            if (length <= 0)
            {
                return false;
            }

            rest = rest[length..].TrimStart(" \r\n\t"u8);
            if (rest.StartsWith("}"u8))
            {
                return any;
            }

            if (!rest.StartsWith(","u8))
            {
                return false;
            }

            rest = rest[1..];
        }

        return false;
    }

    /// <summary>Length of the value that starts here; 0 or less where its end is not here.</summary>
    private static int LengthOf(ReadOnlySpan<byte> json)
    {
        switch (json[0])
        {
            case (byte)'{' or (byte)'[':
                return new TaskScan().FindEnd(json, final: true);
            case (byte)'"':
                for (int at = 1; ;)
                {
                    int found = json[at..].IndexOfAny(s_endsText);
                    if (found < 0 || at + found + 1 >= json.Length)
                    {
                        return 0;
                    }

                    at += found + 1;
                    if (json[at - 1] == (byte)'"')
                    {
                        return at;
                    }

                    at++;
                }

            default:
                return json.IndexOfAnyExcept(s_plain);
        }
    }
}
