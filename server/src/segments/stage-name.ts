export const segmentsStageName = 'segments'
