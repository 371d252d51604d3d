using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Text;
using HarvestTools.Files;

namespace HarvestTools.Decisions;

/// <summary>Keeps decisions in a JSON-lines file: one object a line, the newest last.</summary>
public static class DecisionHistory
{
    // Half a minute in all; an append takes milliseconds.
    private const int Attempts = 3000;
    private const int PauseMilliseconds = 10;

    /// <summary>
    /// Appends the decision with the instant it was made at, in UTC. A line that a killed process left unfinished is
    /// closed first, so that it spoils itself alone. Two processes may append at once.
    /// </summary>
    /// <exception cref="HarvestException">The file cannot be written.</exception>
    public static void Append(string path, RetrainDecision decision, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(path);
        var line = new JsonObject { ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
        foreach (KeyValuePair<string, JsonNode?> member in DecisionJson.ToJson(decision))
        {
            line[member.Key] = member.Value?.DeepClone();
        }

        FileKinds.RequireReadable(path, "append to");
        byte[] bytes = Encoding.UTF8.GetBytes(line.ToJsonString() + "\n");
        try
        {
            using FileStream stream = Open(path);
            if (stream.Length > 0)
            {
                // One object a line: settings, which begin so too, end their first line there.
                stream.Seek(0, SeekOrigin.Begin);
                Span<byte> start = stackalloc byte[2];
                int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
                if (!"{\""u8.StartsWith(start[..length]))
                {
                    throw FileErrors.FileWouldBeLost(path, "a line of JSON a decision");
                }

                stream.Seek(-1, SeekOrigin.End);
                if (stream.ReadByte() != '\n')
                {
                    stream.WriteByte((byte)'\n');
                }
            }

            stream.Write(bytes);
            stream.Flush();
            DiskFlush.Current.File(stream.SafeFileHandle, path);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "append to");
        }
    }

    /// <summary>Opens the file for this process alone, waiting while another one appends.</summary>
    private static FileStream Open(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return FileFaults.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (attempt < Attempts && FileErrors.IsSharingViolation(exception))
            {
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }
}
