using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.Workflows;

/// <summary>One request of git-lfs.</summary>
/// <param name="Event"><c>init</c>, <c>upload</c>, <c>download</c> or <c>terminate</c>.</param>
/// <param name="Operation">Of <c>init</c>: <c>upload</c> or <c>download</c>.</param>
/// <param name="Oid">The SHA-256 of the file that is meant; null where the event is of none.</param>
/// <param name="Size">Its size.</param>
/// <param name="Path">Of <c>upload</c>: the file.</param>
internal sealed record LfsRequest(string Event, string? Operation, string? Oid, long Size, string? Path)
{
    /// <exception cref="HarvestException">LfsMessageInvalid.</exception>
    public static LfsRequest Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "event") is not { } name)
            {
                throw LfsErrors.LfsMessageInvalid("it has no \"event\"");
            }

            string? oid = Text(root, "oid");
            long size = root.TryGetProperty("size", out JsonElement bytes) && bytes.TryGetInt64(out long value) ? value : 0;
            return name is not ("upload" or "download") || (oid is not null && Sha256Text.IsNormal(oid))
                ? new LfsRequest(name, Text(root, "operation"), oid, size, Text(root, "path"))
                : throw LfsErrors.LfsMessageInvalid("its \"oid\" is no SHA-256");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw LfsErrors.LfsMessageInvalid("it is no JSON object of one line");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Answers to git-lfs, one JSON object a line. Thread-safe: parts of one transfer report from several threads.</summary>
/// <param name="output">Where they go; nothing else may be written there.</param>
/// <param name="codeOf">The number of an error.</param>
/// <param name="commands">How remedies are spelt.</param>
internal sealed class LfsAnswers(Stream output, Func<HarvestException, int> codeOf, ICommandSpelling commands)
{
    private readonly Lock _line = new();

    /// <summary>The answer to <c>init</c>.</summary>
    public void Ready(HarvestException? fault) => Write(json => Fault(json, fault));

    public void Progress(string oid, long soFar, long sinceLast) => Write(json =>
    {
        json.WriteString("event", "progress");
        json.WriteString("oid", oid);
        json.WriteNumber("bytesSoFar", soFar);
        json.WriteNumber("bytesSinceLast", sinceLast);
    });

    /// <param name="oid">Of the file that was asked for.</param>
    /// <param name="path">Of a download: the file, which git-lfs takes.</param>
    /// <param name="fault">Why there is none; null where all went well.</param>
    public void Complete(string oid, string? path, HarvestException? fault) => Write(json =>
    {
        json.WriteString("event", "complete");
        json.WriteString("oid", oid);
        if (path is not null)
        {
            json.WriteString("path", path);
        }

        Fault(json, fault);
    });

    private void Fault(Utf8JsonWriter json, HarvestException? fault)
    {
        if (fault is null)
        {
            return;
        }

        string remedy = fault.Remedy.Spell(commands);
        json.WriteStartObject("error");
        json.WriteNumber("code", codeOf(fault));

        // git-lfs shows the message and nothing else, so what to do is part of it.
        json.WriteString("message", remedy.Length == 0 ? fault.Message : $"{fault.Message} {remedy}");
        json.WriteString("id", fault.ErrorId);
        json.WriteString("remedy", remedy);
        json.WriteEndObject();
    }

    private void Write(Action<Utf8JsonWriter> members)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        lock (_line)
        {
            output.Write(line.GetBuffer(), 0, (int)line.Length);
            output.Flush();
        }
    }
}
