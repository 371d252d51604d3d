namespace HarvestTools.Samples;

/// <summary>Writes result lists: the regions of annotations, drafts, predictions and prediction copies.</summary>
internal sealed class ResultWriter(SampleKind project, ExportTemplates templates, JsonListWriter lists, SampleOutput output)
{
    private SampleTask _task = new();
    private SampleRegion _region;

    /// <param name="task">The task, for its image's size.</param>
    /// <param name="regions">What the list holds; a region with a choice makes two items.</param>
    /// <param name="predicted">Whether a model made them: its items have no origin.</param>
    /// <param name="copied">Whether the list stands in a prediction copy, one level deeper.</param>
    public void Write(SampleTask task, List<SampleRegion> regions, bool predicted, bool copied)
    {
        _task = task;
        int level = copied ? ExportTemplates.ResultLevel + 1 : ExportTemplates.ResultLevel;
        output.Write("["u8);
        for (int i = 0; i < regions.Count; i++)
        {
            _region = regions[i];
            lists.Separate(i == 0, level);
            Write(templates.Region(_region, choice: false, predicted, copied));
            if (_region.Choice >= 0)
            {
                lists.Separate(first: false, level);
                Write(templates.Region(_region, choice: true, predicted, copied));
            }
        }

        lists.End(regions.Count == 0, level);
    }

    private void Write(JsonTemplate template)
    {
        foreach (JsonTemplate.Part part in template.Parts)
        {
            output.Write(part.Text);
            if (part.Hole != Hole.None)
            {
                Fill(part.Hole);
            }
        }
    }

    private void Fill(Hole hole)
    {
        switch (hole)
        {
            case Hole.ImageWidth:
                output.WriteNumber(_task.Width);
                break;
            case Hole.ImageHeight:
                output.WriteNumber(_task.Height);
                break;
            case Hole.X:
                output.WriteNumber(_region.X * 100.0 / _task.Width);
                break;
            case Hole.Y:
                output.WriteNumber(_region.Y * 100.0 / _task.Height);
                break;
            case Hole.BoxWidth:
                output.WriteNumber(_region.Width * 100.0 / _task.Width);
                break;
            case Hole.BoxHeight:
                output.WriteNumber(_region.Height * 100.0 / _task.Height);
                break;
            case Hole.Rotation:
                output.WriteNumber(_region.Rotation);
                break;
            case Hole.DotWidth:
                output.WriteNumber(300.0 / _task.Width);
                break;
            case Hole.Start:
                output.WriteNumber(_region.Start);
                break;
            case Hole.End:
                output.WriteNumber(_region.End);
                break;
            case Hole.Label:
                output.Write(SampleVocabulary.Labels(project, _region.Kind)[_region.Label]);
                break;
            case Hole.Choice:
                output.Write(SampleVocabulary.Occlusions[_region.Choice]);
                break;
            case Hole.RegionId:
                output.WriteRegionId(_region.Id);
                break;
            case Hole.ParentId:
                output.WriteRegionId(_region.Parent);
                break;
            case Hole.Origin:
                output.Write(_region.Origin switch
                {
                    SampleOrigin.Manual => "manual"u8,
                    SampleOrigin.Prediction => "prediction"u8,
                    _ => "prediction-changed"u8,
                });
                break;
            default:
                output.WriteNumber(_region.Score);
                break;
        }
    }
}
