using System.Text;
using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Erasure;

/// <summary>Which episodes the tasks of an export show, as the rows say that a team's own program made of them.</summary>
internal sealed class TaskEpisodes
{
    // Null where rows of several episodes are of the task.
    private readonly Dictionary<long, string?> _names = [];
    private readonly HashSet<long> _erased = [];

    /// <summary>Members of the tasks' data that have the episode of every task of which a row says it.</summary>
    public IReadOnlyCollection<string> Keys { get; private set; } = [];

    /// <summary>Whether rows say of which episode a task is.</summary>
    public bool Knows(long task) => _names.ContainsKey(task);

    /// <summary>Whether rows say that a task is of the episode that is erased.</summary>
    public bool IsErased(long task) => _erased.Contains(task);

    /// <summary>Takes what a row says.</summary>
    /// <param name="task">Its task.</param>
    /// <param name="episode">Its episode.</param>
    /// <param name="isErased">Whether that is the one that is erased.</param>
    public void Add(long task, string episode, bool isErased)
    {
        _names[task] = !_names.TryGetValue(task, out string? known) || known == episode ? episode : null;
        _ = isErased && _erased.Add(task);
    }

    /// <summary>Finds the members of data that have the episode: a task without rows has them too.</summary>
    /// <param name="found">How often each member had the episode, and the tasks that were met, of each reader.</param>
    public void Learn(IEnumerable<KeyReader> found)
    {
        var hits = new Dictionary<string, int>(StringComparer.Ordinal);
        int single = 0;
        foreach (KeyReader reader in found)
        {
            single += reader.Tasks;
            foreach ((string key, int count) in reader.Hits)
            {
                hits[key] = hits.GetValueOrDefault(key) + count;
            }
        }

        // One that has it of some tasks alone says something else of the others.
        Keys = [.. hits.Where(hit => hit.Value == single).Select(static hit => hit.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads a task's id and the texts and numbers of its data by their members.</summary>
    public static (long? Id, List<(string Key, string Text)> Data) Read(in RawTask task)
    {
        long? id = null;
        List<(string Key, string Text)> data = [];
        var json = new Utf8JsonReader(task.Span, PersonRedactor.Options);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
            {
                continue;
            }

            string member = JsonTextOf.Token(ref json);
            json.Read();
            if (member == Members.Id && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number))
            {
                id = number;
            }
            else if (member == Members.Data && json.TokenType == JsonTokenType.StartObject)
            {
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    string key = JsonTextOf.Token(ref json);
                    json.Read();
                    if (json.TokenType is JsonTokenType.String or JsonTokenType.Number)
                    {
                        data.Add((key, json.TokenType == JsonTokenType.String ? JsonTextOf.Token(ref json) : Encoding.UTF8.GetString(json.ValueSpan)));
                    }

                    json.Skip();
                }
            }
            else
            {
                json.Skip();
            }
        }

        return (id, data);
    }

    /// <summary>Counts which members of data have the episode that rows say. One a thread.</summary>
    internal sealed class KeyReader(TaskEpisodes episodes) : ITaskWorker
    {
        public int Tasks { get; private set; }

        public Dictionary<string, int> Hits { get; } = new(StringComparer.Ordinal);

        public void Process(in RawTask task)
        {
            (long? id, List<(string Key, string Text)> data) = Read(task);
            if (id is { } known && episodes._names.TryGetValue(known, out string? name) && name is not null)
            {
                Tasks++;
                foreach (string key in data.Where(one => one.Text == name).Select(static one => one.Key).Distinct())
                {
                    Hits[key] = Hits.GetValueOrDefault(key) + 1;
                }
            }
        }
    }
}
