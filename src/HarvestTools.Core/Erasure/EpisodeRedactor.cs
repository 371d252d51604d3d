using System.Text.Json;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Erasure;

/// <summary>
/// Finds the tasks of an episode, as a field mapping reads it from them: they go. A task that shows another episode too keeps what is
/// not on this one's media.
/// </summary>
internal sealed class EpisodeRedactor : ITaskRedactor
{
    private readonly Exclusion _episode;
    private readonly TextArena _arena = new();
    private readonly TaskMedia _media;
    private readonly ExportTask _task = new();
    private readonly HashSet<(string Tag, long Index)> _gone = [];

    /// <param name="episode">Its name, or <c>task_subdir/episode</c>.</param>
    /// <param name="fields">Where episodes come from.</param>
    /// <param name="config">The export's labeling configuration; null where it has none.</param>
    public EpisodeRedactor(string episode, FieldMapping fields, LabelConfig? config) =>
        (_episode, _media) = (new Exclusion([], [episode]), new TaskMedia(fields, config, _arena));

    public RedactionCounts Found { get; private set; } = RedactionCounts.None;

    public TaskFate Redact(in RawTask task, TextCuts cuts)
    {
        cuts.Clear();
        _gone.Clear();
        _arena.Clear();
        TaskParser.Parse(task, _task, TaskParts.Shapes | TaskParts.Tolerant);
        _media.Begin(_task.Labels, _task.Place, new Tally());
        foreach (Medium medium in _media.All)
        {
            if (Is(medium.Fields))
            {
                _gone.Add((medium.ToName.IsAbsent ? "" : medium.ToName.ToString(), medium.Index));
            }
        }

        if (_media.All.Count == 0 ? Is(_media.Main) : _gone.Count == _media.All.Count)
        {
            Found = Found.Plus(new RedactionCounts(1, 1, _task.Labels.Annotations.Count, _task.Extras.Drafts, 0, 0, 0));
            return TaskFate.Goes;
        }

        if (_gone.Count == 0)
        {
            return TaskFate.Stays;
        }

        var json = new Utf8JsonReader(task.Span, PersonRedactor.Options);
        (long annotations, long drafts) = (0, 0);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1)
            {
                string list = JsonTextOf.Token(ref json);
                json.Read();
                if (list is Members.Annotations or Members.Completions or Members.Predictions or Members.Drafts && json.TokenType == JsonTokenType.StartArray)
                {
                    int changed = Results(ref json, cuts);
                    annotations += list is Members.Annotations or Members.Completions ? changed : 0;
                    drafts += list == Members.Drafts ? changed : 0;
                }
                else
                {
                    json.Skip();
                }
            }
        }

        Found = Found.Plus(new RedactionCounts(1, 0, annotations, drafts, 0, 1, 0));
        return cuts.Count == 0 ? TaskFate.Stays : TaskFate.Changes;
    }

    private bool Is(in TaskFields fields) => _episode.HasEpisode(fields.TaskSubdir.ToString(), fields.Episode.ToString());

    /// <summary>Goes through annotations, drafts or predictions; the reader is at the list's beginning, and then at its end.</summary>
    /// <returns>Of how many of them a region goes.</returns>
    private int Results(ref Utf8JsonReader json, TextCuts cuts)
    {
        int depth = json.CurrentDepth;
        int changed = 0;
        int before = cuts.Count;
        while (json.Read() && json.CurrentDepth > depth)
        {
            if (json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth + 1)
            {
                changed += cuts.Count > before ? 1 : 0;
                before = cuts.Count;
            }
            else if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(Members.Result))
            {
                // Also in the copy of a prediction that an annotation was begun from.
                json.Read();
                if (json.TokenType == JsonTokenType.StartArray)
                {
                    Regions(ref json, cuts);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return changed;
    }

    private void Regions(ref Utf8JsonReader json, TextCuts cuts)
    {
        var items = new List<(int Start, int End, bool Goes)>();
        var ends = new List<(string From, string To)>();
        var gone = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)json.TokenStartIndex;
            (string id, string tag, long index, string from, string to) = ItemOf(json);
            bool goes = json.TokenType == JsonTokenType.StartObject && from.Length == 0 && _gone.Contains((tag, index));
            if (goes && id.Length > 0)
            {
                gone.Add(id);
            }

            json.Skip();
            items.Add((start, (int)json.BytesConsumed, goes));
            ends.Add((from, to));
        }

        // A relation goes with what it relates.
        for (int i = 0; i < items.Count; i++)
        {
            if (gone.Contains(ends[i].From) || gone.Contains(ends[i].To))
            {
                items[i] = items[i] with { Goes = true };
            }
        }

        if (items.Exists(static item => item.Goes))
        {
            cuts.AddItems(items);
        }
    }

    private static (string Id, string Tag, long Index, string From, string To) ItemOf(Utf8JsonReader json)
    {
        (string Id, string Tag, long Index, string From, string To) item = ("", "", 0, "", "");
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return item;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonTextOf.Token(ref json);
            json.Read();
            string text = json.TokenType is JsonTokenType.String ? JsonTextOf.Token(ref json) : "";
            switch (name)
            {
                case Members.Id:
                    item.Id = text;
                    break;
                case Members.ToName:
                    item.Tag = text;
                    break;
                case Members.ItemIndex when json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long index):
                    item.Index = index;
                    break;
                case Members.FromId:
                    item.From = text;
                    break;
                case Members.ToId:
                    item.To = text;
                    break;
            }

            json.Skip();
        }

        return item;
    }
}
